'use strict'

const { spawn } = require('node:child_process')
const { fileURLToPath } = require('node:url')
const { setTimeout, clearTimeout } = require('node:timers')
const { ask, page } = require('./control.cjs')
const { TapedeckError } = require('./errors.cjs')
const { optionName, sessionName } = require('./names.cjs')
const { findProgram, whyNotSpawned, whyNotStarted } = require('./program.cjs')
const { Session } = require('./session.cjs')

const START_WITHIN_MS = 20_000
const STOP_WITHIN_MS = 10_000
const DIES_WITHIN_MS = 1000
const KEPT_WORDS = 64 * 1024
const OPTIONS = ['cassettes', 'sample', 'mode', 'upstream', 'recordTo', 'pace', 'fault', 'config', 'options']
const asyncDispose = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')

/** A server of cassettes, as a program of its own that ends when this one does. */
class Deck {
  #options
  #child
  #ended
  #url
  #mode = 'replay'
  #words = ''
  // The names of sessions that there have been, those that were used, and the last request that was looked at; of a
  // deck that others use too, nobody knows.
  #seen
  #adopted

  constructor(options = {}) {
    for (const key of Object.keys(options)) {
      if (!OPTIONS.includes(key)) {
        throw new TapedeckError(
          `a deck has no option '${key}', only ${OPTIONS.join(', ')}: ` +
            "other options of 'tapedeck serve' stand in 'options'",
        )
      }
    }
    this.#options = options
  }

  /** A deck that runs already, whose address is known. */
  static async at(url) {
    const deck = new Deck()
    deck.#url = url.replace(/\/+$/, '')
    await deck.#greet()
    return deck
  }

  /** A deck that another copy of this module started in this process. */
  static adopted(shared) {
    const deck = new Deck()
    deck.#url = shared.url
    deck.#mode = shared.mode
    deck.#seen = shared.seen
    deck.#adopted = shared
    return deck
  }

  /** Starts the deck, and gives it once it is ready. */
  async start() {
    if (this.#url) return this
    this.#seen = { names: new Set(), used: new Set(), over: new Map(), request: 0 }
    const program = findProgram()
    // TAPEDECK_HOST and tapedeck.json may say where a server of its own listens, which asks for a token.
    const place = ['--port', '0', '--host', '127.0.0.1', '--stop-with-stdin']
    const words = ['serve', ...place, ...commandLine(this.#options)]
    // In a group of its own it does not get the terminal's Ctrl-C, and ends when its input does.
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'], env: process.env, detached: true })
    this.#child = child
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => resolve({ error: whyNotSpawned(error, program) }))
      child.once('close', (code, signal) => resolve({ code, signal }))
    })
    child.stdin.on('error', () => {})
    child.stderr.on('data', (bytes) => {
      this.#words = (this.#words + bytes.toString('utf8')).slice(-KEPT_WORDS)
    })
    try {
      this.#url = await this.#firstLine()
      await this.#greet()
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    }
    // Nothing of it keeps this program from ending.
    for (const handle of [child, child.stdin, child.stdout, child.stderr]) handle.unref()
    return this
  }

  async #firstLine() {
    let timer
    let said = ''
    const line = new Promise((resolve) => {
      this.#child.stdout.on('data', (bytes) => {
        if (said.includes('\n')) return
        said += bytes.toString('utf8')
        if (said.includes('\n')) resolve(said.slice(0, said.indexOf('\n')))
      })
    })
    const late = new Promise((resolve) => {
      timer = setTimeout(() => resolve({ late: true }), START_WITHIN_MS)
    })
    const first = await Promise.race([line, this.#ended, late])
    clearTimeout(timer)
    if (typeof first === 'string') return first
    if (first.late) throw new TapedeckError(`the deck was not ready within ${START_WITHIN_MS / 1000} s: ${this.words}`)
    throw new TapedeckError(first.error ?? whyNotStarted(this.#words) ?? (this.words || this.#end(first)))
  }

  async #greet() {
    const health = await page(`${this.#url}/~/health`)
    if (health?.status !== 'ok') throw new TapedeckError(`there is no deck at ${this.#url}`)
    this.#mode = health.mode ?? 'replay'
  }

  /** The base URL. */
  get url() {
    if (!this.#url) throw new TapedeckError('the deck has not been started: await deck.start() first')
    return this.#url
  }

  /** What the deck does with a request: `replay`, `auto`, `record`, `once` or `passthrough`. */
  get mode() {
    return this.#mode
  }

  /** The last that the deck said on standard error. */
  get words() {
    return this.#words.trim().replace(/^tapedeck: /gm, '')
  }

  /**
   * Requests since the last look that are no test's: they named no session where one is required, since their base
   * URL lost its prefix, or that of a test that was over before another began.
   */
  async strays(began) {
    if (!this.#seen) return []
    const entries = await this.journal({ after: this.#seen.request })
    this.#seen.request = entries.at(-1)?.id ?? this.#seen.request
    for (const entry of entries) this.#seen.used.add(entry.session)
    return entries.flatMap((entry) => {
      if (entry.session === null) return entry.miss === null ? [] : [{ entry, test: null }]
      const over = this.#seen.over.get(entry.session)
      return over && over.at <= began && began <= entry.at ? [{ entry, test: over.test }] : []
    })
  }

  /** Notes that the test with this session is over. */
  end(name, test) {
    this.#seen?.over.set(name, { test, at: new Date().toISOString() })
  }

  /** Whether its program runs; of another's nobody knows, and it counts as running. */
  get isRunning() {
    if (this.#adopted) return this.#adopted.isRunning()
    return !this.#child || (this.#child.exitCode === null && this.#child.signalCode === null)
  }

  /** How the deck died, in its own words too, or null: one that does not answer may be about to. */
  async death() {
    if (this.#adopted) return await this.#adopted.death()
    if (!this.#ended) return null
    let timer
    const late = new Promise((resolve) => {
      timer = setTimeout(() => resolve(null), DIES_WITHIN_MS)
    })
    const end = await Promise.race([this.#ended, late])
    clearTimeout(timer)
    if (!end) return null
    const how = end.signal ? `was ended by ${end.signal}` : `ended with exit code ${end.code}`
    return this.words ? `it ${how}:\n${this.words}` : `it ${how}, and said nothing`
  }

  /** Whether a session may have been used, as far as the journal has been read. */
  mayHaveUsed(name) {
    return this.#seen?.used.has(name) ?? true
  }

  /** What another copy of this module needs to use the deck, and to end it. */
  share() {
    const child = this.#child
    return {
      url: this.#url,
      mode: this.#mode,
      seen: this.#seen,
      isRunning: () => this.isRunning,
      death: () => this.death(),
      end: () => child.stdin.end(),
    }
  }

  /** A session; a name that no session may have is changed so that unlike names stay unlike. */
  session(name) {
    return new Session(this, sessionName(name))
  }

  /** A session that begins anew, though there may have been one of that name. */
  async freshSession(name, options) {
    let after = 0
    if (this.#seen?.names.has(name) ?? true) {
      await ask(`${this.url}/~/api/sessions/${name}`, { method: 'DELETE' })
      after = (await page(`${this.url}/~/api/journal?session=${name}&limit=1`)).at(-1)?.id ?? 0
    }
    this.#seen?.names.add(name)
    this.#seen?.over.delete(name)
    return new Session(this, name, { ...options, after })
  }

  /** An entry for each request, oldest first: behind an entry, and the newest few, where that is asked for. */
  async journal({ after, limit } = {}) {
    const query = Object.entries({ after, limit }).filter(([, value]) => value !== undefined)
    return await page(`${this.url}/~/api/journal?${query.map((pair) => pair.join('=')).join('&')}`)
  }

  /** Ends the deck; fails with its words where it has something to say, as of a recording that was lost. */
  async stop() {
    if (!this.#child) return
    const child = this.#child
    this.#child = undefined
    this.#url = undefined
    child.stdin.end()
    // In a replay there is nothing to wait for; what is recorded is written first.
    const timer = setTimeout(() => child.kill('SIGKILL'), this.#mode === 'replay' ? 1000 : STOP_WITHIN_MS)
    child.ref()
    const end = await this.#ended
    clearTimeout(timer)
    if (end.code > 0) throw new TapedeckError(this.words || this.#end(end))
  }

  async [asyncDispose]() {
    await this.stop()
  }

  #end({ code, signal }) {
    return `the deck ended with ${signal ?? code}`
  }
}

/** The words behind `tapedeck serve` that say the same as the options. */
function commandLine({ cassettes = [], sample, options = {}, ...settings }) {
  const words = [cassettes].flat().map(pathOf)
  const flags = { sample, ...settings, ...options }
  if (flags.config === false) flags.config = 'none'
  for (const [key, value] of Object.entries(flags)) {
    for (const one of [value].flat()) {
      if (one === undefined || one === null || one === false) continue
      words.push(one === true ? `--${optionName(key)}` : `--${optionName(key)}=${pathOf(one)}`)
    }
  }
  return words
}

/** A path or another word; a URL object that names a file stands for its path. */
function pathOf(value) {
  return value?.protocol === 'file:' ? fileURLToPath(String(value)) : String(value)
}

module.exports = { Deck, commandLine, pathOf }
