// The post step: ends the deck that the main step left, shows what it said, and fails the job on what it found.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { fail, state } from './runner.mjs'

// Longer than the deck lets streams go on.
const ENDS_WITHIN_MS = 15_000
const STEP_MS = 20

async function main() {
  const folder = state('folder')
  if (!folder) return
  const file = (name) => join(folder, name)
  if (!existsSync(file('code'))) process.kill(Number(readFileSync(file('pid'), 'utf8')), 'SIGTERM')
  for (let waited = 0; !readable(file('code')) && waited < ENDS_WITHIN_MS; waited += STEP_MS) await sleep(STEP_MS)

  const said = readFileSync(file('stderr'), 'utf8').trim()
  if (!readable(file('code'))) throw new Error(`the deck did not end within ${ENDS_WITHIN_MS / 1000} s\n${said}`)
  const code = Number(readFileSync(file('code'), 'utf8'))
  if (code !== 0) throw new Error(said || `the deck ended with exit code ${code}`)
  if (said) console.log(said)
}

/** Whether a file is there, and written whole. */
function readable(path) {
  return existsSync(path) && readFileSync(path, 'utf8').endsWith('\n')
}

try {
  await main()
} catch (error) {
  fail(error.message)
}
