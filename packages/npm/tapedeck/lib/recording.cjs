'use strict'

const fs = require('node:fs')
const path = require('node:path')
const { pathOf } = require('./deck.cjs')

/** The options of the deck behind `useTapedeck`; what the environment says counts for more. */
function deckOptions({ cassettes, sample, mode, upstream, recordTo, pace, config, options }, env = process.env) {
  const paths = [cassettes ?? []].flat().map(pathOf)
  const target = recordingTarget({ paths, recordTo, upstream }, env)
  const { serve = {} } = configuration({ config })
  const asked = env.TAPEDECK_MODE || mode || serve.mode || 'none'
  const hasUpstream = Boolean(upstream ?? env.TAPEDECK_UPSTREAM ?? serve.upstream)
  const canForward = hasUpstream && (asked === 'passthrough' || Boolean(target ?? serve['record-to']))
  // A run that records does so where a file says from where; the others are played as ever.
  const plays = env.TAPEDECK_MODE ? !canForward : asked === 'none' || asked === 'replay'
  const isServedAsTarget = (file) => target !== undefined && path.resolve(file) === path.resolve(target)
  return {
    cassettes: paths.filter((file) => !isServedAsTarget(file)),
    sample,
    mode: !env.TAPEDECK_MODE ? mode : plays ? 'none' : undefined,
    upstream: plays || env.TAPEDECK_UPSTREAM ? undefined : upstream,
    recordTo: env.TAPEDECK_RECORD_TO ? undefined : target,
    // Tests wait for nothing unless somebody says so.
    pace: env.TAPEDECK_PACE ? undefined : (pace ?? (serve?.pace === undefined ? 'instant' : undefined)),
    config,
    // What a test left undone fails that test; the deck's own end is about lost recordings alone.
    options: { requireSession: true, failOn: 'lost', ...options },
  }
}

/** Where recordings go: where it is said, else to the only cassettes there are. */
function recordingTarget({ paths, recordTo, upstream }, env) {
  if (env.TAPEDECK_RECORD_TO) return env.TAPEDECK_RECORD_TO
  const knowsUpstream = upstream !== undefined || env.TAPEDECK_UPSTREAM !== undefined
  const target = recordTo !== undefined ? pathOf(recordTo) : knowsUpstream && paths.length === 1 ? paths[0] : undefined
  if (target === undefined || target.endsWith('.tape') || target.endsWith('/')) return target
  return `${target}/`
}

/** The command that makes the recordings which a test lacks. */
function recordingCommand(options, command, env = process.env) {
  const { serve = {} } = configuration(options)
  const paths = [options.cassettes ?? serve.paths ?? []].flat().map(pathOf)
  const words = ['TAPEDECK_MODE=once']
  if (!(options.upstream ?? env.TAPEDECK_UPSTREAM ?? serve.upstream)) words.push('TAPEDECK_UPSTREAM=URL')
  if (!(recordingTarget({ ...options, paths }, env) ?? serve['record-to'])) {
    words.push(`TAPEDECK_RECORD_TO=${paths.length === 1 ? folder(paths[0]) : 'tapes/'}`)
  }
  return `${words.join(' ')} ${command}`
}

function folder(file) {
  return file.endsWith('.tape') || file.endsWith('/') ? file : `${file}/`
}

/** The configuration file, where it can be read: the deck itself says what is wrong with it. */
function configuration({ config }) {
  if (config === false || config === 'none') return {}
  try {
    return JSON.parse(fs.readFileSync(config ? pathOf(config) : 'tapedeck.json', 'utf8'))
  } catch {
    return {}
  }
}

/** Why a test with a fault does not run: a fault does nothing to a forwarded answer. Null where it may run. */
function whyNoFault(mode) {
  if (mode === 'replay') return null
  return `a fault does nothing to an answer that is being recorded (mode ${mode}): run this test in mode none`
}

module.exports = { deckOptions, recordingCommand, whyNoFault }
