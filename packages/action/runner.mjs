// What a step says to the runner and hears from it.

import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'

/** An input of the action; the runner sets all of them as variables. */
export function input(name) {
  return (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim()
}

/** An input that has one value a line. */
export function inputLines(name) {
  return input(name).split('\n').map((line) => line.trim()).filter(Boolean)
}

/** The words of an input, with quotes and backslashes as in a shell; nothing in it is expanded or run. */
export function inputWords(name) {
  const text = input(name).replaceAll('\\\n', ' ')
  const quoted = /\\([^])|'([^']*)'|"((?:[^"\\]|\\[^])*)"/g
  const plain = (_, escaped, single, double) => escaped ?? single ?? double.replace(/\\(["\\$`])/g, '$1')
  const words = /(?:[^\s'"\\]|\\[^]|'[^']*'|"(?:[^"\\]|\\[^])*")+/g
  const rest = text.replace(words, '').trim()
  if (rest) throw new Error(`${name}: expected a quote at the end of ${text.slice(text.lastIndexOf(rest))}`)
  return (text.match(words) ?? []).map((word) => word.replace(quoted, plain))
}

/** Sets an output, a variable of later steps or a state of the post step; `kind` is OUTPUT, ENV or STATE. */
export function set(kind, name, value) {
  const end = `end-${randomUUID()}`
  appendFileSync(fileOf(kind), `${name}<<${end}\n${value}\n${end}\n`)
}

/** Puts a folder in front of PATH for later steps. */
export function addPath(folder) {
  appendFileSync(fileOf('PATH'), `${folder}\n`)
}

/** What the main step left for the post step. */
export function state(name) {
  return process.env[`STATE_${name}`] ?? ''
}

/** Fails the step, with the reason where people look first. */
export function fail(reason) {
  const escaped = reason.trim().replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  console.log(`::error title=Tapedeck::${escaped}`)
  process.exitCode = 1
}

function fileOf(kind) {
  const file = process.env[`GITHUB_${kind}`]
  if (!file) throw new Error(`GITHUB_${kind} is not set: this runs as a step of GitHub Actions`)
  return file
}
