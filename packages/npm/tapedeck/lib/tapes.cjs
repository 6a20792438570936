'use strict'

const { layers } = require('./environment.cjs')
const { TapedeckError, callerFrames, errorAt } = require('./errors.cjs')
const { testSessionName } = require('./names.cjs')
const { deckOptions, recordingCommand, whyNoFault } = require('./recording.cjs')
const { commandFor, currentRunner, fileOf } = require('./runners.cjs')
const { acquire } = require('./shared.cjs')
const { kindsOf, whatIsWrong } = require('./wrong.cjs')

const OPTIONS = [
  'cassettes', 'sample', 'mode', 'upstream', 'recordTo', 'pace', 'fault', 'config', 'options', 'failOn', 'env', 'hooks',
]

// The tests that run in this process now, and what they set in process.env.
const running = new Set()
// The titles of tests that `taped` gives their sessions.
const tapedTitles = new Set()

/** The sessions of a file's or a suite's tests. */
class Tapes {
  #options
  #runner
  #frames
  #kinds
  #opened

  constructor(options, frames) {
    for (const key of Object.keys(options)) {
      if (!OPTIONS.includes(key)) {
        throw new TapedeckError(`useTapedeck has no option '${key}', only ${OPTIONS.join(', ')}`)
      }
    }
    this.#options = options
    this.#kinds = kindsOf(options.failOn)
    this.#frames = frames
    this.#runner = currentRunner(options.hooks)
  }

  /** Registers the hooks. They have no parameters: a parameter would tell jest that they call back. */
  register() {
    const tapes = this
    const { beforeAll, beforeEach, afterEach, afterAll } = this.#runner.hooks
    beforeAll(function () {
      return tapes.open()
    })
    beforeEach(async function () {
      await tapes.#beforeEach(arguments)
    })
    afterEach(async function () {
      await tapes.#afterEach(arguments)
    })
    afterAll(function () {
      return tapes.close()
    })
  }

  /** The deck, started once, and again where it has died: that is the failure of one test alone. */
  async open() {
    const opening = (this.#opened ??= this.#open())
    const opened = await opening
    if (opened.deck.isRunning) return opened
    if (this.#opened === opening) this.#opened = this.#open()
    return await this.#opened
  }

  async #open() {
    try {
      return await acquire(deckOptions(this.#options))
    } catch (error) {
      const file = fileOf({ file: null }, this.#frames)
      const isMissing = /there is no (such file or folder|\.tape file|exchange to serve)/.test(error.message)
      const advice = isMissing ? `\n  record them first, with a key: ${this.#recordWith(file)}` : ''
      throw errorAt(`the deck could not be started: ${error.message}${advice}`, this.#frames)
    }
  }

  /** Releases the deck. */
  async close() {
    if (!this.#opened) return
    const { release } = await this.#opened.catch(() => ({ release: async () => {} }))
    this.#opened = undefined
    await release()
  }

  #recordWith(file) {
    return recordingCommand(this.#options, commandFor(this.#runner, file))
  }

  async #beforeEach(hook) {
    const test = this.#runner.test(hook)
    if (isTaped(test)) return
    await this.begin(test, { setsEnv: this.#options.env !== false && !test.isConcurrent })
  }

  async #afterEach(hook) {
    const test = this.#runner.test(hook)
    const found = [...running].find((one) => one.tapes === this && one.test.key === test.key)
    if (!found) return
    // A test ends after those within it: one that began later, and still runs, is no such test.
    const later = [...running].slice([...running].indexOf(found) + 1).find((one) => one.setsEnv && one.tapes === this)
    const report = later ? overlap(later.test, found.test) : await this.end(found)
    if (later) this.#takeOff(found)
    if (!report) return
    if (test.tell) for (const line of report.split('\n')) test.tell(line)
    throw errorAt(report, this.#frames)
  }

  /** Gives a test its session. */
  async begin(test, { setsEnv, isTaped = false }) {
    const { deck } = await this.open()
    const { fault } = this.#options
    const why = whyNoFault(deck.mode)
    const file = fileOf(test, this.#frames)
    const one = { tapes: this, test, file, setsEnv, isTaped, layer: null, isSkipped: false, deck }
    one.asked = new Set()
    one.began = new Date().toISOString()
    one.skip = (reason, frames) => {
      one.isSkipped = true
      this.#takeOff(one)
      test.skip?.(reason)
      throw Object.assign(errorAt(reason, frames), { isSkip: test.skip !== null })
    }
    if (fault && why) one.skip(why, this.#frames)
    this.#refuseOverlap(one)
    for (const other of running) other.hasTests ||= other.tapes === this && one.test.isAmong(other.test)
    // node leaves out the hooks behind a test that skips itself, and tells of its end in this way only.
    test.signal?.addEventListener('abort', () => this.#takeOff(one), { once: true })
    // From here on it is known to the others, whose sessions are made meanwhile.
    running.add(one)
    try {
      one.name = this.#nameOf(one)
      const session = await deck.freshSession(one.name, {
        guard: (frames, faults) => this.#noteFaults(one, why, frames, faults),
      })
      one.session = fault ? session.with({ fault }) : session
    } catch (error) {
      running.delete(one)
      throw error
    }
    if (setsEnv) one.layer = layers.add(one.session.env())
    if (test.context) test.context.tapedeck = one.session
    return one
  }

  #noteFaults(one, why, frames, { before, after }) {
    if (why) one.skip(why, frames)
    for (const fault of before) one.asked.delete(fault)
    for (const fault of after) one.asked.add(fault)
  }

  /** Tests that run at the same time share process.env: the second would take the first one's session. */
  #refuseOverlap(one) {
    if (!one.setsEnv) return
    for (const other of running) {
      if (other.isSkipped) this.#takeOff(other)
      else if (other.setsEnv && other.test.key !== one.test.key && !one.test.isAmong(other.test)) {
        throw errorAt(overlap(one.test, other.test), this.#frames)
      }
    }
  }

  #nameOf(one) {
    const name = testSessionName(one.file, one.test.name)
    const isTaken = (candidate) => [...running].some((other) => other !== one && other.name === candidate)
    for (let number = 1; ; number += 1) {
      const candidate = number === 1 ? name : `${name.slice(0, 120)}-${number}`
      if (!isTaken(candidate)) return candidate
    }
  }

  #takeOff(one) {
    if (running.delete(one) && one.session) one.deck.end(one.session.name, one.test.name)
    if (one.layer) layers.remove(one.layer)
    one.layer = null
  }

  /** Ends a test's session; gives what is wrong with it, for people, or null. */
  async end(one) {
    try {
      if (one.isSkipped) return null
      const found = await whatIsWrong(one, this.#kinds)
      if (!found) return null
      const { headline, lines } = found
      return [`${one.test.name}: ${headline}`, ...lines, ...this.#advice(one, headline)].join('\n')
    } catch (error) {
      const death = await one.deck.death()
      if (death) return `${one.test.name}: the deck died while the test ran: ${death}`
      throw error
    } finally {
      this.#takeOff(one)
    }
  }

  #advice(one, headline) {
    if (!headline.includes('matched no exchange') || one.deck.mode !== 'replay') return []
    const fault = one.asked.size > 0 ? ', which needs a test without a fault that asks the same' : ''
    return [`  or record it with a key, through the tests${fault}: ${this.#recordWith(one.file)}`]
  }

  /** The session of the test that runs. */
  get session() {
    const own = [...running].filter((one) => one.tapes === this && one.session && !one.isTaped)
    if (own.filter((one) => !one.setsEnv).length > 1) {
      throw errorAt(
        'several tests run at the same time: take the session from the test, by taped(test) or of(context)',
        callerFrames(),
      )
    }
    const last = own.at(-1)
    if (!last) {
      throw errorAt('there is no session outside a test: ask for it in a test, or in beforeEach', callerFrames())
    }
    return last.session
  }

  /** The session of the test with this context, as node:test and vitest give it to a test. */
  of(context) {
    const key = context?.task ?? context
    const found = [...running].find((one) => one.tapes === this && one.test.key === key)
    if (!found) throw errorAt('this is no context of a test that runs now', callerFrames())
    return found.session
  }

  get runner() {
    return this.#runner
  }
}

function overlap(test, other) {
  return (
    `${test.name}: it runs at the same time as '${other.name}', and both cannot have their session in process.env: ` +
    'give each its own with taped(test)(name, async (session) => …)'
  )
}

/** Whether the test has its session from `taped`. */
function isTaped(test) {
  if (test.title !== null) return tapedTitles.has(test.title)
  return [...tapedTitles].some((title) => test.name === title || test.name.endsWith(` ${title}`))
}

module.exports = { Tapes, tapedTitles }
