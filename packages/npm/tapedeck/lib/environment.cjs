'use strict'

// The variables that SDKs take a key from; where none of a line is set, the first gets a dummy.
const KEYS = [
  ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'],
  ['OPENAI_API_KEY'],
  ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
]

/** The variables by which clients find a session; dummy keys only where nothing is forwarded. */
function variables(session, { givesKeys, now = process.env }) {
  const found = {
    TAPEDECK_URL: session.url,
    ANTHROPIC_BASE_URL: session.anthropicURL,
    OPENAI_BASE_URL: session.openaiURL,
    GOOGLE_GEMINI_BASE_URL: session.geminiURL,
  }
  return { ...found, ...withoutProxy(now), ...(givesKeys ? dummyKeys(now) : {}) }
}

/** Lets requests to this machine go past a proxy. */
function withoutProxy(now = process.env) {
  const found = {}
  for (const name of ['NO_PROXY', 'no_proxy']) {
    const kept = (now[name] ?? '').split(',').filter(Boolean)
    found[name] = [...new Set([...kept, '127.0.0.1', 'localhost'])].join(',')
  }
  return found
}

/** A key for each SDK that has none: one that insists on a key must not need a real one to be tested. */
function dummyKeys(now = process.env) {
  const lacking = KEYS.filter((names) => !names.some((name) => now[name]))
  return Object.fromEntries(lacking.map(([name]) => [name, 'tapedeck']))
}

/**
 * What the tests that run have set in process.env, one layer each. A layer may be taken off in any order: what
 * is left is what the others set, or what stood there before.
 */
class Layers {
  #layers = []
  #before = new Map()

  add(values) {
    const layer = { ...values }
    this.#layers.push(layer)
    for (const [name, value] of Object.entries(layer)) {
      if (!this.#before.has(name)) this.#before.set(name, process.env[name])
      process.env[name] = value
    }
    return layer
  }

  remove(layer) {
    this.#layers = this.#layers.filter((other) => other !== layer)
    for (const name of Object.keys(layer)) {
      const above = this.#layers.filter((other) => name in other).pop()
      const value = above ? above[name] : this.#before.get(name)
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
      if (!above) this.#before.delete(name)
    }
  }
}

// Whoever sets variables of this process sets them here: each takes off its own.
const layers = new Layers()

module.exports = { dummyKeys, layers, variables, withoutProxy }
