import assert from 'node:assert/strict'
import { test } from 'node:test'
import { useTapedeck } from 'tapedeck'
import { ask } from './client.mjs'

const tapedeck = useTapedeck({ sample: true, pace: 'instant' })

test('half an answer is an error', async () => {
  const half = tapedeck.withFault('end@event:12')
  await assert.rejects(ask('Hi', half.anthropicURL))
})

test('an overloaded server is asked again', async () => {
  const overloaded = tapedeck.withFault('status:529,retry-after=0s', { on: 1 })
  assert.match(await ask('Hi', overloaded.anthropicURL), /^A tape deck/)
})
