import assert from 'node:assert/strict'
import { test } from 'node:test'
import { useTapedeck } from 'tapedeck'
import { ask } from './client.mjs'

const QUESTION = 'text: How does a tape deck keep its speed?'
const tapedeck = useTapedeck({
  cassettes: 'tapes',
  upstream: 'https://api.anthropic.com',
  pace: 'instant',
})

test('gives the whole answer', async () => {
  const text = await ask(QUESTION)
  assert.match(text, /^A tape deck pulls the tape .* just as the sound is\.$/s)
})

test('reports a stream that breaks', async () => {
  const broken = tapedeck.withFault('disconnect@event:12')
  await assert.rejects(ask(QUESTION, broken.anthropicURL))
})

test('asks an overloaded server again', async () => {
  const overloaded = tapedeck.withFault('status:529,retry-after=0s', { on: 1 })
  await ask(QUESTION, overloaded.anthropicURL)
  await tapedeck.expect({ statuses: [529, 200], conduct: 'ok' })
})
