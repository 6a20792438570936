'use strict'

const path = require('node:path')
const { TapedeckError, fileOfFrame } = require('./errors.cjs')

const major = Number(process.versions.node.split('.')[0])
const HOOKS = ['beforeAll', 'beforeEach', 'afterEach', 'afterAll']

/**
 * The test runner that this file runs under, with its hooks: those that were given, else those that stand in
 * the globals, else node's.
 */
function currentRunner(given) {
  if (process.env.JEST_WORKER_ID !== undefined && process.env.VITEST === undefined) {
    return { ...ofJest, hooks: checked(given) ?? globals() ?? jestModule() }
  }
  const hooks = checked(given) ?? globals()
  if (process.env.VITEST !== undefined) {
    if (hooks) return { ...ofVitest, hooks }
    throw new TapedeckError(
      "vitest's hooks are not in the globals: import { useTapedeck } from 'tapedeck/vitest', " +
        'or set test.globals in its configuration',
    )
  }
  return hooks ? { ...ofAnother, hooks } : { ...ofNode, hooks: nodeHooks() }
}

function checked(given) {
  if (!given) return null
  const missing = HOOKS.filter((name) => typeof given[name] !== 'function')
  if (missing.length > 0) throw new TapedeckError(`'hooks' lacks ${missing.join(', ')}`)
  return given
}

function globals() {
  return HOOKS.every((name) => typeof globalThis[name] === 'function') ? globalThis : null
}

/** jest answers this import itself, also where `injectGlobals` is off. */
function jestModule() {
  return require('@jest/globals')
}

function nodeHooks() {
  const { before, beforeEach, afterEach, after } = require('node:test')
  return { beforeAll: before, beforeEach, afterEach, afterAll: after }
}

// Each says of a hook's arguments which test it is for:
//   key       the same in all hooks of one test
//   name      with those of its suites
//   title     its own name
//   file      the file that it stands in, or null
//   skip      says that the test is skipped, and why; an exception then ends it. Null where that cannot be
//   tell      says lines beside the test's own failure; null where a failing hook is shown beside it
//   isAmong   whether it runs within another test
//   signal    aborts at its end, where its runner may leave out the hooks; else undefined

const ofVitest = {
  name: 'vitest',
  command: 'npx vitest run',
  test([context]) {
    const { task } = context
    const names = [task.name]
    for (let suite = task.suite; suite && suite !== task.file; suite = suite.suite) names.unshift(suite.name)
    return {
      key: task,
      context,
      name: names.filter(Boolean).join(' > '),
      title: task.name,
      file: task.file?.filepath ?? null,
      isConcurrent: task.concurrent === true,
      skip: (reason) => context.skip(reason),
      tell: null,
      isAmong: () => false,
    }
  },
}

const ofJest = {
  name: 'jest',
  command: 'npx jest',
  test() {
    const { expect } = globalThis.expect ? globalThis : jestModule()
    const { currentTestName, testPath } = expect.getState()
    return {
      key: currentTestName,
      context: null,
      name: currentTestName ?? '',
      title: null,
      file: testPath ?? null,
      isConcurrent: false,
      skip: null,
      tell: null,
      isAmong: () => false,
    }
  },
}

const ofNode = {
  name: 'node:test',
  command: 'node --test',
  test([context]) {
    const name = context.fullName ?? context.name
    return {
      key: context,
      context,
      name,
      title: context.name,
      file: context.filePath ?? null,
      isConcurrent: false,
      skip: (reason) => {
        // The exception that follows fails the run, but for a test that is still to be done. Before node 22 the runner
        // hears of one of the two only.
        context.todo(reason)
        if (major >= 22) context.skip(reason)
      },
      // node shows only the first failure of a test, its own; before node 20 it does not say whether there is one.
      tell: context.passed !== true ? (line) => context.diagnostic(line) : null,
      // Before node 20 nobody can tell a subtest from a test that runs at the same time.
      signal: context.signal,
      isAmong: (other) => context.fullName === undefined || name.startsWith(`${other.name} > `),
    }
  },
}

const ofAnother = {
  name: 'the test runner',
  command: null,
  test([context]) {
    const name = context?.task?.name ?? context?.name ?? ''
    return {
      key: context ?? 'test',
      context: null,
      name,
      title: name,
      file: null,
      isConcurrent: false,
      skip: null,
      tell: null,
      isAmong: () => false,
    }
  },
}

/** The file of a test, from what its runner says, else from where it was written. */
function fileOf(test, frames) {
  return test.file ?? frames.map(fileOfFrame).find(Boolean) ?? process.argv[1] ?? 'test'
}

/** The command that runs a file's tests alone. */
function commandFor(runner, file) {
  return runner.command ? `${runner.command} ${path.relative(process.cwd(), file)}` : 'the tests'
}

module.exports = { commandFor, currentRunner, fileOf }
