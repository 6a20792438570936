import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { taped } from 'tapedeck'
import { ask } from './client.mjs'

const test = taped(it, { sample: true, pace: 'instant' })

describe('at the same time', { concurrency: true }, () => {
  test('gives the whole answer', async (session) => {
    assert.match(await ask('Hi', session.anthropicURL), /just as the sound is\.$/)
  })

  test('reports half an answer', async (session) => {
    const half = session.withFault('end@event:12')
    await assert.rejects(ask('Hi', half.anthropicURL), /broke off/)
  })
})
