'use strict'

const { callerFrames } = require('./errors.cjs')
const { Tapes, tapedBy } = require('./use.cjs')

/**
 * A test function whose body gets its session, without hooks: the deck starts with the first test that runs, and ends
 * with this process.
 */
function taped(test, options = {}) {
  return tapedBy(new Tapes(options, callerFrames(taped)), test)
}

module.exports = { taped }
