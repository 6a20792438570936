'use strict'

const { createInterface } = require('node:readline')
const { inspect } = require('node:util')
const { TapedeckError } = require('./errors.cjs')

/**
 * Answers each base URL that comes over a connection with what the client made of it, a line of JSON. A client that
 * delivers what is no answer ends the run.
 */
function serveClient(connection, client, onFlaw) {
  const gone = new AbortController()
  connection.on('error', () => {})
  connection.on('close', () => gone.abort(new Error('the case is over')))
  const lines = createInterface({ input: connection, crlfDelay: Infinity })
  lines.on('line', async (url) => {
    try {
      const account = await outcome(client, url, gone.signal)
      if (connection.writable) connection.write(`${JSON.stringify(account)}\n`)
    } catch (flaw) {
      onFlaw(flaw)
      connection.destroy()
    }
  })
}

/** What a client delivers of one answer: it returns the text, or gives it in pieces, or fails. */
async function outcome(client, url, signal) {
  let pieces = ''
  const onText = (piece) => {
    if (typeof piece !== 'string') throw new NoText(`the client gave ${inspect(piece)}: expected pieces of text`)
    pieces += piece
  }
  const context = { onText, signal, url, anthropicURL: url, openaiURL: `${url}/v1`, geminiURL: url }
  try {
    const made = await client(url, context)
    if (typeof made === 'string') return account({ text: made })
    if (made?.[Symbol.asyncIterator] ?? made?.[Symbol.iterator]) {
      for await (const piece of made) onText(piece)
      return account({ text: pieces })
    }
    if (made !== null && made !== undefined && !isOutcome(made)) {
      throw new NoText(`the client returned ${inspect(made)}: expected text, { text, error, finish } or a generator`)
    }
    const { text = pieces, error = null, finish = null } = made ?? {}
    return account({ text, error, finish })
  } catch (error) {
    if (error instanceof NoText) throw error
    return account({ text: pieces, error: error ?? 'it failed' })
  }
}

/** What a client delivered is no text. */
class NoText extends TapedeckError {}

function isOutcome(made) {
  return typeof made === 'object' && ['text', 'error', 'finish'].some((key) => key in made)
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
