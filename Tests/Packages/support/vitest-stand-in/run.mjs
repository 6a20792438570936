// Runs files of tests one after the other, and prints what came of them as vitest's JSON reporter does.
import { pathToFileURL } from 'node:url'
import path from 'node:path'
import { createRequire } from 'node:module'

process.env.VITEST = 'true'
const vitest = await import(pathToFileURL(createRequire(path.resolve('x')).resolve('vitest')).href)
if (process.argv.includes('--globals')) Object.assign(globalThis, vitest)

class PendingError extends Error {}

const testResults = []
for (const file of process.argv.slice(2).filter((word) => !word.startsWith('--'))) {
  const root = { name: '', suite: null, tasks: [], filepath: path.resolve(file), hooks: emptyHooks() }
  vitest.state.suite = root
  const assertionResults = []
  try {
    await import(pathToFileURL(root.filepath).href)
    await runSuite(root, root, assertionResults)
  } catch (error) {
    assertionResults.push({ fullName: file, status: 'failed', failureMessages: [error.stack] })
  }
  testResults.push({ name: file, assertionResults })
}
const failed = testResults.some(({ assertionResults }) => assertionResults.some(({ status }) => status === 'failed'))
console.log(JSON.stringify({ success: !failed, testResults }))
process.exitCode = failed ? 1 : 0

function emptyHooks() {
  return { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] }
}

async function runSuite(suite, file, results) {
  for (const run of suite.hooks.beforeAll) await run(suite)
  const pending = []
  for (const task of suite.tasks) {
    if (task.tasks) await runSuite(task, file, results)
    else if (task.concurrent) pending.push(runTest(task, file, results))
    else await runTest(task, file, results)
  }
  await Promise.all(pending)
  for (const run of [...suite.hooks.afterAll].reverse()) await run(suite)
}

function chain(task, name) {
  const outwards = []
  for (let suite = task.suite; suite; suite = suite.suite) outwards.push(suite)
  return name === 'beforeEach'
    ? outwards.reverse().flatMap((suite) => suite.hooks[name])
    : outwards.flatMap((suite) => [...suite.hooks[name]].reverse())
}

async function runTest(task, file, results) {
  task.file = file
  let skipped = false
  const context = {
    task,
    skip(note) {
      skipped = true
      throw new PendingError(note)
    },
  }
  const attempt = async (body) => {
    try {
      await body()
    } catch (error) {
      if (!(error instanceof PendingError)) task.errors.push(error)
    }
  }
  await attempt(async () => {
    for (const run of chain(task, 'beforeEach')) await run(context, task.suite)
    await task.run(context)
  })
  await attempt(async () => {
    for (const run of chain(task, 'afterEach')) await run(context, task.suite)
  })
  const names = [task.name]
  for (let suite = task.suite; suite; suite = suite.suite) names.unshift(suite.name)
  const status = skipped ? 'skipped' : task.errors.length > 0 ? 'failed' : 'passed'
  const failureMessages = task.errors.map((error) => error.stack ?? String(error))
  results.push({ fullName: names.filter(Boolean).join(' '), status, failureMessages })
}
