'use strict'

const { page } = require('./control.cjs')
const { variables } = require('./environment.cjs')
const { TapedeckError, callerFrames, errorAt } = require('./errors.cjs')

const DIRECTIVES = ['cassette', 'exchange', 'pace', 'fault', 'seed', 'attempt']

/**
 * A client's own replay state, isolated from all others; or a view of it, with directives added to its base
 * URLs.
 */
class Session {
  #deck
  #directives
  #guard
  #after

  /** Sessions are made by a deck: `deck.session('name')`. */
  constructor(deck, name, { directives = [], guard = () => {}, after = 0 } = {}) {
    this.#deck = deck
    this.#directives = directives
    this.#guard = guard
    this.#after = after
    this.name = name
  }

  get url() {
    const segments = [['session', this.name], ...this.#directives]
    return this.#deck.url + segments.map(([key, value]) => `/~${key}=${inPath(value)}`).join('')
  }

  get anthropicURL() {
    return this.url
  }

  get openaiURL() {
    return `${this.url}/v1`
  }

  get geminiURL() {
    return this.url
  }

  toString() {
    return this.url
  }

  /** The same as the value of the request header `tapedeck`, for a client that takes headers only. */
  get header() {
    return [['session', this.name], ...this.#directives].map((pair) => pair.join('=')).join('; ')
  }

  /** The same session with one more fault: `withFault('reset@event:12', { on: 1 })`. */
  withFault(fault, keys = {}) {
    const written = Object.entries(keys).map(([key, value]) => `,${key}=${value}`)
    return this.with({ fault: [...faultsOf(this.#directives), `${fault}${written.join('')}`] })
  }

  /** The same session with directives: `with({ pace: '2x', seed: 7 })`. */
  with(directives) {
    const added = []
    for (const [key, value] of Object.entries(directives)) {
      if (!DIRECTIVES.includes(key)) {
        throw new TapedeckError(`there is no directive '${key}': there are ${DIRECTIVES.join(', ')}`)
      }
      for (const one of [value].flat()) added.push([key, String(one)])
    }
    if ('fault' in directives) {
      const before = faultsOf(this.#directives)
      this.#guard(callerFrames(this.with), { before, after: faultsOf(added) })
    }
    const kept = this.#directives.filter(([key]) => !(key in directives))
    return new Session(this.#deck, this.name, {
      directives: [...kept, ...added],
      guard: this.#guard,
      after: this.#after,
    })
  }

  /** Whether its base URLs ask for a fault. */
  get hasFault() {
    return faultsOf(this.#directives).length > 0
  }

  /** The variables by which clients find the session. */
  env() {
    return variables(this, { givesKeys: this.#deck.mode === 'replay' })
  }

  /** An entry for each request of the session, oldest first. */
  async journal() {
    const query = `session=${inPath(this.name)}&after=${this.#after}`
    return await page(`${this.#deck.url}/~/api/journal?${query}`)
  }

  /** The session's page; null where there was no request. */
  async page() {
    return await page(`${this.#deck.url}/~/api/sessions/${inPath(this.name)}`)
  }

  /** Fails unless the session was as is said. */
  async expect(expected) {
    const frames = callerFrames(this.expect)
    const entries = await this.journal()
    const actual = {}
    for (const key of Object.keys(expected)) {
      if (!(key in FACTS)) {
        throw errorAt(`nothing is known of '${key}': expect ${Object.keys(FACTS).join(', ')}`, frames)
      }
      actual[key] = FACTS[key](entries, expected[key])
    }
    const wrong = Object.keys(expected).filter((key) => !isSame(actual[key], expected[key]))
    if (wrong.length === 0) return
    const said = wrong.map((key) => `${key} is ${shown(actual[key])} instead of ${shown(expected[key])}`)
    const requests = entries.map((entry) => `\n  ${line(entry)}`)
    throw errorAt(`session ${this.name}: ${said.join(', ')}${requests.join('')}`, frames)
  }
}

function faultsOf(directives) {
  return directives.filter(([key]) => key === 'fault').map(([, value]) => value)
}

/** What can be expected of a session, from the journal. */
const FACTS = {
  requests: (entries) => entries.length,
  attempts: (entries) => Math.max(0, ...entries.map((entry) => entry.attempt ?? 0)),
  statuses: (entries) => entries.map((entry) => entry.status),
  ended: (entries, expected) => {
    const ends = entries.map((entry) => entry.ended)
    return Array.isArray(expected) ? ends : ends.at(-1) ?? null
  },
  fired: (entries, expected) => {
    const fired = entries.flatMap((entry) => entry.faults.map(({ fault }) => fault))
    // A fault may be told by its name alone.
    const isSo = (fault, wanted) => fault === wanted || fault.split(/[:@,]/)[0] === wanted
    const areSo = Array.isArray(expected)
      ? fired.length === expected.length && fired.every((fault, place) => isSo(fault, expected[place]))
      : fired.some((fault) => isSo(fault, expected))
    return areSo ? expected : fired
  },
  conduct: (entries) => entries.map((entry) => entry.conduct).filter((one) => one && one !== 'ok').at(-1) ?? 'ok',
}

function isSame(actual, expected) {
  return JSON.stringify(actual) === JSON.stringify(expected)
}

function shown(value) {
  return Array.isArray(value) && value.length === 0 ? 'none' : [value].flat().join(', ')
}

function line(entry) {
  const faults = entry.faults.map(({ fault }) => fault).join(', ')
  const fired = faults && `, fired ${faults}`
  const attempt = entry.attempt ? `, attempt ${entry.attempt}` : ''
  return `${entry.method} ${entry.path}${attempt}: ${entry.status}, ended ${entry.ended}${fired}`
}

/**
 * A value as a URL's path holds it. What a directive means by `, ; : @ =` and `%` is left as it is: the deck
 * undoes the rest once.
 */
function inPath(value) {
  return value.replace(/[^A-Za-z0-9._~:;,=@%!$&'()*+[\]-]/gu, encodeURIComponent)
}

module.exports = { Session, line }
