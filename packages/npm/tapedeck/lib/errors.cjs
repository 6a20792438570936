'use strict'

/** What Tapedeck has to say: a deck that cannot start, a test that is wrong, an option that is. */
class TapedeckError extends Error {
  constructor(message, options) {
    super(message, options)
    this.name = 'TapedeckError'
  }
}

const ours = `${__dirname}/`
const packageFolder = ours.slice(0, -'lib/'.length)

/** The frames of the stack that are the user's: those above this package's. */
function callerFrames(start) {
  const holder = {}
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 30
  Error.captureStackTrace(holder, start)
  Error.stackTraceLimit = limit
  const frames = String(holder.stack).split('\n').slice(1)
  const first = frames.findIndex((frame) => !frame.includes(packageFolder))
  return frames.slice(first < 0 ? 0 : first).filter((frame) => !/\(?node:/.test(frame))
}

/** The path of the file that a frame of a stack stands in, or null. */
function fileOfFrame(frame) {
  const found = /(?:\(|at (?:async )?)((?:file:\/\/)?\/[^()]*?)(?:\?[^:()]*)?:\d+:\d+\)?$/.exec(frame)
  return found ? decodeURIComponent(found[1].replace(/^file:\/\//, '')) : null
}

/** An error that points at the user's test instead of at this package. */
function errorAt(message, frames, options) {
  const error = new TapedeckError(message, options)
  error.stack = [`${error.name}: ${message}`, ...frames].join('\n')
  return error
}

module.exports = { TapedeckError, callerFrames, errorAt, fileOfFrame }
