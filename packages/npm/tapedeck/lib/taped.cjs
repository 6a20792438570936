'use strict'

const { TapedeckError, callerFrames, errorAt } = require('./errors.cjs')
const { fileOf } = require('./runners.cjs')
const { Tapes, tapedTitles } = require('./tapes.cjs')

/**
 * A test function whose body gets its session, without hooks: the deck starts with the first test that runs, and ends
 * with this process.
 */
function taped(test, options = {}) {
  return tapedBy(new Tapes(options, callerFrames(taped)), test)
}

/** A test function whose body gets its session, so that tests may run at the same time. */
function tapedBy(tapes, test) {
  return function taped(title, ...rest) {
    const frames = callerFrames(taped)
    const at = rest.findIndex((one) => typeof one === 'function')
    if (at < 0) throw new TapedeckError(`the test '${title}' has no function`)
    const body = rest[at]
    tapedTitles.add(title)
    rest[at] = function () {
      return runTaped(tapes, { title, frames, body, hook: arguments })
    }
    return test(title, ...rest)
  }
}

async function runTaped(tapes, { title, frames, body, hook }) {
  const { runner } = tapes
  const test = runner.name === 'jest' ? { ...runner.test(hook), name: title, key: {} } : runner.test(hook)
  let one
  let failure
  try {
    // Nothing has to end a body that has not begun, or that this function ends.
    const skip = test.context?.skip ? (reason) => test.context.skip(reason) : null
    const file = test.file ?? fileOf(test, frames)
    one = await tapes.begin({ ...test, skip, file }, { setsEnv: false, isTaped: true })
    await body(one.session, test.context)
  } catch (error) {
    failure = { error }
  }
  if (!one || one.isSkipped) {
    // node has been told that the test is skipped, which an exception would contradict.
    if (runner.name === 'node:test' && failure.error.isSkip) return
    throw failure.error
  }
  const report = await tapes.end(one)
  if (report) throw errorAt(report, frames, failure && { cause: failure.error })
  if (failure) throw failure.error
}

module.exports = { taped, tapedBy }
