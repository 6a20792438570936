'use strict'

const { spawn, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const { createServer } = require('node:net')
const os = require('node:os')
const path = require('node:path')
const { commandLine } = require('./deck.cjs')
const { dummyKeys, layers, withoutProxy } = require('./environment.cjs')
const { TapedeckError, callerFrames } = require('./errors.cjs')
const { findProgram, whyNotSpawned, whyNotStarted } = require('./program.cjs')
const { serveClient } = require('./torture-client.cjs')
const { TortureReport, isAmongCases, namesOfCases } = require('./torture-report.cjs')

const OPTIONS = [
  'cassettes', 'sample', 'config', 'case', 'exclude', 'class', 'fault', 'places', 'seed', 'readTimeout', 'timeScale',
  'options',
]
const RUN_OPTIONS = [
  ...OPTIONS, 'known', 'jobs', 'timeout', 'budget', 'maxAttempts', 'shrink', 'html', 'junit', 'markdown',
]
const MOST_LISTED_BYTES = 256 * 1024 * 1024

/** Runs a function that is a client against every way in which a stream can break, and judges it. */
async function torture(client, options = {}) {
  if (typeof client !== 'function') {
    throw new TapedeckError('torture needs a function: async (baseURL, { onText }) => text')
  }
  const { known = [], ...words } = checked(options, RUN_OPTIONS)
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tapedeck-'))
  const socket = path.join(folder, 's')
  let flaw
  const server = createServer((connection) => serveClient(connection, client, (error) => (flaw ??= error)))
  const layer = layers.add({ ...dummyKeys(), ...withoutProxy() })
  try {
    await new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(socket, resolve)
    })
    const relay = [process.execPath, path.join(__dirname, 'relay.cjs'), socket]
    const { code, said, error } = await run(['torture', ...commandLine(words), '--keep', '--json', '--', ...relay])
    if (flaw) throw flaw
    if (code !== 0 && code !== 1) throw new TapedeckError(error)
    return new TortureReport(parsed(said, error), known)
  } finally {
    layers.remove(layer)
    server.close()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** The cases of cassettes, each of which can be a test of its own; listed at once, since tests are. */
function tortureCases(options = {}) {
  const { known = [], jobs, timeout, ...words } = checked(options, RUN_OPTIONS)
  const program = findProgram()
  const command = ['torture', ...commandLine(words), '--list', '--json']
  const done = spawnSync(program, command, { encoding: 'utf8', env: quietEnvironment(), maxBuffer: MOST_LISTED_BYTES })
  if (done.error) throw new TapedeckError(whyNotSpawned(done.error, program))
  if (done.status !== 0) {
    throw new TapedeckError(whyOf(done.stderr) || `tapedeck torture --list ended with ${done.status}`)
  }
  const { cases } = JSON.parse(done.stdout)
  const name = namesOfCases(cases)
  return cases.map(({ case: kind, cassette, exchange, ...facts }) => {
    const id = name({ case: kind, cassette, exchange })
    const own = known.filter((entry) => isAmongCases(entry, { case: kind, cassette, exchange }))
    const only = { ...words, exclude: undefined, case: id, jobs: 1, timeout, known: own }
    return {
      id, case: kind, cassette, exchange, ...facts,
      toString: () => id,
      async check(client) {
        const frames = callerFrames(this.check)
        return (await torture(client, only)).check(frames)
      },
    }
  })
}

function checked(options, names) {
  for (const key of Object.keys(options)) {
    if (!names.includes(key)) throw new TapedeckError(`torture has no option '${key}', only ${names.join(', ')}`)
  }
  return options
}

/** What a test runner sets for the programs that it starts is not meant for the relay. */
function quietEnvironment() {
  const { NODE_OPTIONS, NODE_V8_COVERAGE, NODE_TEST_CONTEXT, ...kept } = process.env
  return kept
}

function run(words) {
  const program = findProgram()
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env: quietEnvironment() })
    const said = []
    const errors = []
    child.stdout.on('data', (bytes) => said.push(bytes))
    child.stderr.on('data', (bytes) => errors.push(bytes))
    child.once('error', (error) => reject(new TapedeckError(whyNotSpawned(error, program))))
    child.once('close', (code, signal) => {
      const error = whyOf(Buffer.concat(errors).toString('utf8')) || `tapedeck torture ended with ${signal ?? code}`
      resolve({ code, said: Buffer.concat(said).toString('utf8'), error })
    })
  })
}

function whyOf(said) {
  return whyNotStarted(said) ?? said.trim().replace(/^tapedeck: /gm, '')
}

function parsed(said, error) {
  try {
    return JSON.parse(said)
  } catch {
    throw new TapedeckError(error)
  }
}

module.exports = { torture, tortureCases }
