'use strict'

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { TapedeckError } = require('./errors.cjs')

const PLATFORMS = ['darwin-arm64', 'linux-arm64', 'linux-x64']
const version = require('../package.json').version

/** The machine as it is; tests give another one. */
const machine = {
  platform: process.platform,
  arch: process.arch,
  get env() {
    return process.env
  },
  get isMusl() {
    return usesMusl()
  },
  resolve: (name) => require.resolve(name),
}

/**
 * The path of the program: what the variable TAPEDECK names, else what was installed with this package,
 * else `tapedeck` in PATH.
 */
function findProgram(on = machine) {
  const named = on.env.TAPEDECK
  if (named) {
    if (isProgram(named)) return path.resolve(named)
    throw new TapedeckError(`TAPEDECK names '${named}', which is no program: name one, or unset it`)
  }
  const name = `${on.platform}-${on.arch}`
  const installed = PLATFORMS.includes(name) ? resolved(on, `@tapedeck/cli-${name}/bin/tapedeck`) : null
  const found = installed ?? inPath(on.env.PATH ?? '')
  if (found) return found
  throw new TapedeckError(whyNone(on, name))
}

function resolved(on, name) {
  try {
    return on.resolve(name)
  } catch {
    return null
  }
}

function whyNone(on, name) {
  if (on.platform === 'win32') {
    return 'Tapedeck does not run on Windows: install it, and run the tests, in WSL 2'
  }
  if (!PLATFORMS.includes(name)) {
    return (
      `there is no program for ${name}, only for ${PLATFORMS.join(', ')}: ` +
      'build one from its source, and name it in the variable TAPEDECK'
    )
  }
  if (on.platform === 'linux' && on.isMusl) return musl
  return (
    `the package @tapedeck/cli-${name}, which holds the program, is not installed: npm leaves it out with ` +
    '--omit=optional and --no-optional, and with a lock file from another platform; install it with ' +
    `'npm install --save-optional @tapedeck/cli-${name}@${version}', or remove node_modules and the lock file ` +
    'and install again'
  )
}

const musl =
  'Tapedeck needs glibc, and this system has musl (as Alpine has): ' +
  'use an image with glibc, such as node:22-bookworm-slim'

/** The report of the process knows its C library; where it says nothing, musl's loader does. */
function usesMusl() {
  try {
    process.report.excludeNetwork = true
    const report = process.report.getReport()
    if (report.header.glibcVersionRuntime) return false
    if (report.sharedObjects.some((name) => name.includes('ld-musl-'))) return true
  } catch {}
  return fs.existsSync(`/lib/ld-musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`)
}

function isProgram(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK)
    return fs.statSync(file).isFile()
  } catch {
    return false
  }
}

function inPath(folders) {
  for (const folder of folders.split(path.delimiter)) {
    const file = path.join(folder || '.', 'tapedeck')
    if (isProgram(file) && !isLauncher(file)) return path.resolve(file)
  }
  return null
}

/** Package managers put links or scripts that start bin/tapedeck.js into PATH: it must not find itself. */
function isLauncher(file) {
  if (path.basename(fs.realpathSync(file)) === 'tapedeck.js') return true
  const bytes = Buffer.alloc(4096)
  const descriptor = fs.openSync(file, 'r')
  try {
    const text = bytes.toString('latin1', 0, fs.readSync(descriptor, bytes, 0, bytes.length, 0))
    return text.startsWith('#!') && text.includes('tapedeck.js')
  } finally {
    fs.closeSync(descriptor)
  }
}

/** What to do about a program that did not start, from what its loader said; null where it did. */
function whyNotStarted(said) {
  const wanted = [...said.matchAll(/version [`'](GLIBC(?:XX)?)_([\d.]+)' not found/g)]
  if (wanted.length === 0) return null
  const newest = wanted.sort((a, b) => byVersion(a[2], b[2])).pop()
  return (
    `the program needs ${newest[1]} ${newest[2]} or newer, which this system has not: ` +
    'use a newer one (Debian 12, Ubuntu 22.04), or build the program here and name it in the variable TAPEDECK'
  )
}

function byVersion(a, b) {
  const left = a.split('.').map(Number)
  const right = b.split('.').map(Number)
  const at = left.findIndex((number, index) => number !== right[index])
  return at < 0 ? left.length - right.length : left[at] - (right[at] ?? 0)
}

/** What to say of an error from starting the program. */
function whyNotSpawned(error, program, on = machine) {
  // The kernel says "no such file" of a program whose loader is not there.
  if (error.code === 'ENOENT' && fs.existsSync(program) && on.platform === 'linux' && on.isMusl) return musl
  return `${program} cannot be started: ${error.message}`
}

/** Why the program failed at once, asked by starting it again; null where it runs. */
function askWhy(program) {
  const done = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 10_000 })
  return done.error ? whyNotSpawned(done.error, program) : whyNotStarted(done.stderr)
}

module.exports = { askWhy, findProgram, whyNotSpawned, whyNotStarted }
