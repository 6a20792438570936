'use strict'

const { createInterface } = require('node:readline')

/** Answers each base URL that comes over a connection with what the client made of it, a line of JSON. */
function serveClient(connection, client) {
  const gone = new AbortController()
  connection.on('error', () => {})
  connection.on('close', () => gone.abort(new Error('the case is over')))
  const lines = createInterface({ input: connection, crlfDelay: Infinity })
  lines.on('line', async (url) => {
    const account = await outcome(client, url, gone.signal)
    if (connection.writable) connection.write(`${JSON.stringify(account)}\n`)
  })
}

/** What a client delivers of one answer: it returns the text, or gives it in pieces, or fails. */
async function outcome(client, url, signal) {
  let pieces = ''
  const onText = (piece) => {
    pieces += piece
  }
  const context = { onText, signal, url, anthropicURL: url, openaiURL: `${url}/v1`, geminiURL: url }
  try {
    const made = await client(url, context)
    if (typeof made?.[Symbol.asyncIterator] === 'function') {
      for await (const piece of made) onText(piece)
      return account({ text: pieces })
    }
    if (typeof made === 'string') return account({ text: made })
    const { text = pieces, error = null, finish = null } = made ?? {}
    return account({ text, error, finish })
  } catch (error) {
    return account({ text: pieces, error: error ?? 'it failed' })
  }
}

function account({ text, error = null, finish = null }) {
  return {
    text: clean(text),
    error: error === null ? null : clean(error.message ?? error) || 'it failed',
    finish: finish === null ? null : clean(finish),
  }
}

/** A text as UTF-8 has it: half a character, which a client may well deliver, is written as U+FFFD. */
function clean(text) {
  return Buffer.from(String(text), 'utf8').toString('utf8')
}

module.exports = { serveClient }
