#!/usr/bin/env node
'use strict'

// Runs the program that came with the platform's package, and becomes what it was: its input, output and end.
const { spawn } = require('node:child_process')
const { askWhy, findProgram, whyNotSpawned } = require('../lib/program.cjs')

function fail(message) {
  process.stderr.write(`tapedeck: ${message}\n`)
  process.exit(69)
}

let program
try {
  program = findProgram()
} catch (error) {
  fail(error.message)
}

const child = spawn(program, process.argv.slice(2), { stdio: 'inherit' })
// A terminal sends its signals to the whole group: passed on, they would reach the program twice.
const hasTerminal = process.stdin.isTTY || process.stderr.isTTY
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (!hasTerminal || signal === 'SIGTERM') child.kill(signal)
  })
}
child.once('error', (error) => fail(whyNotSpawned(error, program)))
child.once('exit', (code, signal) => {
  if (signal) {
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
    return
  }
  // The loader's failure is a 1 as many others are; only then is it worth a second look.
  const why = code === 1 ? askWhy(program) : null
  if (why) process.stderr.write(`tapedeck: ${why}\n`)
  process.exitCode = code
})
