// The main step: installs the release, then runs the commands with a deck around them, or leaves a deck to later steps.

import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { install } from './release.mjs'
import { addPath, fail, input, inputLines, inputWords, set } from './runner.mjs'

const READY_WITHIN_MS = 30_000
const STEP_MS = 20

/** The arguments of `tapedeck serve`. */
function options() {
  const words = inputLines('cassettes')
  for (const name of ['mode', 'record-to', 'fail-on', 'port']) {
    if (input(name)) words.push(`--${name}`, input(name))
  }
  for (const url of inputLines('upstream')) words.push('--upstream', url)
  return [...words, ...inputWords('args')]
}

/** Runs commands with the deck around them; gives the exit code. */
function around(commands) {
  const bash = ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', commands]
  const deck = spawn('tapedeck', ['serve', ...options(), '--', ...bash], { stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    deck.on('error', reject)
    deck.on('exit', (code) => resolve(code ?? 1))
  })
}

/** Starts a deck that goes on when this step has ended; gives its base URL and its variables. */
async function beside(folder) {
  const file = (name) => join(folder, name)
  // Only its parent hears how the deck ends, and writes it down for the post step.
  const script = 'folder=$1; shift; tapedeck serve "$@" & echo $! > "$folder/pid"; wait $!; echo $? > "$folder/code"'
  const stdio = ['ignore', openSync(file('stdout'), 'w'), openSync(file('stderr'), 'w')]
  spawn('bash', ['-c', script, 'bash', folder, ...options()], { stdio, detached: true }).unref()

  const said = () => readFileSync(file('stderr'), 'utf8')
  for (let waited = 0; waited < READY_WITHIN_MS; waited += STEP_MS) {
    if (existsSync(file('code'))) throw new Error(said() || 'the deck ended at once')
    // The deck writes all of its lines at once.
    const [url, ...lines] = readFileSync(file('stdout'), 'utf8').split('\n')
    if (lines.length > 0) {
      const health = await fetch(`${url}/~/health`)
      if (!health.ok) throw new Error(`${url}/~/health: expected 200, and the answer was ${health.status}`)
      return { url, variables: exported(lines) }
    }
    await sleep(STEP_MS)
  }
  throw new Error(`the deck was not ready within ${READY_WITHIN_MS / 1000} s: ${said()}`)
}

/** The variables that lines for a shell export, as names and values. */
function exported(lines) {
  const names = lines.map((line) => /^export (\w+)=/.exec(line)?.[1]).filter(Boolean)
  const script = `${lines.join('\n')}\nfor name; do printf '%s\\0' "\${!name}"; done`
  const values = execFileSync('bash', ['-c', script, 'bash', ...names], { encoding: 'utf8' }).split('\0')
  return names.map((name, index) => [name, values[index]])
}

async function main() {
  const folder = mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), 'tapedeck-'))
  const bin = await install({ version: input('version').replace(/^v/, ''), from: input('from'), into: folder })
  process.env.PATH = `${bin}${delimiter}${process.env.PATH}`
  addPath(bin)
  set('OUTPUT', 'version', execFileSync('tapedeck', ['--version'], { encoding: 'utf8' }).trim())

  const commands = input('run')
  if (commands) {
    process.exitCode = await around(commands)
    return
  }
  const { url, variables } = await beside(folder)
  for (const [name, value] of variables) set('ENV', name, value)
  set('STATE', 'folder', folder)
  set('OUTPUT', 'url', url)
  set('OUTPUT', 'port', new URL(url).port)
  console.log(`A deck serves at ${url} until the job ends.`)
}

try {
  await main()
} catch (error) {
  fail(error.message)
}
