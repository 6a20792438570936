'use strict'

const { callerFrames } = require('./errors.cjs')
const { tapedBy } = require('./taped.cjs')
const { Tapes } = require('./tapes.cjs')

/** What a test file holds: the session of the test that runs, and its deck. */
class Handle {
  #tapes

  constructor(tapes) {
    this.#tapes = tapes
  }

  get session() {
    return this.#tapes.session
  }

  get url() {
    return this.session.url
  }

  get anthropicURL() {
    return this.session.anthropicURL
  }

  get openaiURL() {
    return this.session.openaiURL
  }

  get geminiURL() {
    return this.session.geminiURL
  }

  get header() {
    return this.session.header
  }

  toString() {
    return this.url
  }

  withFault(fault, keys) {
    return this.session.withFault(fault, keys)
  }

  with(directives) {
    return this.session.with(directives)
  }

  env() {
    return this.session.env()
  }

  async journal() {
    return await this.session.journal()
  }

  async expect(expected) {
    await this.session.expect(expected)
  }

  of(context) {
    return this.#tapes.of(context)
  }

  taped(test) {
    return tapedBy(this.#tapes, test)
  }
}

/**
 * Gives each test of this file, or of the suite that it is called in, a session of its own, and fails the test
 * whose client did what no test may overlook.
 */
function useTapedeck(options = {}) {
  const tapes = new Tapes(options, callerFrames(useTapedeck))
  tapes.register()
  return new Handle(tapes)
}

module.exports = { useTapedeck }
