'use strict'

const { createHash } = require('node:crypto')
const path = require('node:path')

const LONGEST = 128

/** A name as a session may have it; unlike names never share one. */
function sessionName(name) {
  const safe = name.replace(/[^A-Za-z0-9._:[\]/-]/g, '_')
  if (safe === name && name.length > 0 && name.length <= LONGEST) return name
  return `${safe.slice(0, 111)}-${digest(name, 16)}`
}

/**
 * The name of a test's session, which is the name of its cassette too, so that it has only characters which
 * file names keep: `client--gives-the-whole-answer` of the test `gives the whole answer` in client.test.mjs.
 * A test whose name does not survive this has a digest at the end.
 */
function testSessionName(file, test) {
  const stem = path.relative(process.cwd(), file).replace(/\.(test|spec)\.[cm]?[jt]sx?$/, '')
  const isPlain = /^[A-Za-z0-9/]+$/.test(stem) && /^[A-Za-z0-9]+( >)?( [A-Za-z0-9]+( >)?)*$/.test(test)
  const words = [stem.replace(/\//g, '_'), test.replace(/ > /g, '--')]
  const safe = words.map((word) => word.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-|-$/g, '')).join('--')
  if (isPlain && safe.length <= LONGEST) return safe
  return `${safe.slice(0, LONGEST - 9).replace(/-+$/, '')}-${digest(`${file}::${test}`.slice(process.cwd().length), 8)}`
}

function digest(text, length) {
  return createHash('sha256').update(text).digest('hex').slice(0, length)
}

/** A long option as the program has it: `matchNormalize` is `match-normalize`. */
function optionName(key) {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

module.exports = { optionName, sessionName, testSessionName }
