import assert from 'node:assert/strict'
import { test } from 'node:test'

async function ask(fault) {
  const url = `${process.env.TAPEDECK_URL}/~fault=${fault}/v1/chat/completions`
  const body = JSON.stringify({ model: 'gpt-5', stream: true, messages: [] })
  const response = await fetch(url, { method: 'POST', body })
  const stream = await response.text()
  if (!stream.includes('"finish_reason":"stop"')) throw new Error('the answer broke off')
  return stream
}

test('half an answer is an error', () => assert.rejects(ask('end@event:12'), /broke off/))
test('a broken connection is an error', () => assert.rejects(ask('reset@event:12')))
test('characters cut in half are joined', async () => assert.match(await ask('rechunk:utf8'), /DONE/))
