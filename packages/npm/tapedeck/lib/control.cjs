'use strict'

// What tests replace (fetch, http.request, timers) is taken here, before they do.
const { Agent, request } = require('node:http')
const { TapedeckError } = require('./errors.cjs')

const agent = new Agent({ keepAlive: true })
const TIMEOUT_MS = 10_000

/** Asks one of the deck's own pages; gives the status and what it says. */
async function ask(url, { method = 'GET' } = {}) {
  try {
    return await askOnce(url, method)
  } catch (error) {
    // A kept connection that the deck closed meanwhile is no failure.
    if (!error.wasKept) throw new TapedeckError(`the deck does not answer: ${error.message}`, { cause: error })
    return await askOnce(url, method)
  }
}

function askOnce(url, method) {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, method, timeout: TIMEOUT_MS }, (response) => {
      const pieces = []
      response.on('data', (piece) => pieces.push(piece))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(pieces).toString('utf8')
        resolve({ status: response.statusCode, text })
      })
    })
    asked.on('timeout', () => asked.destroy(new Error(`${url} gave nothing for ${TIMEOUT_MS / 1000} s`)))
    asked.on('error', (error) => {
      error.wasKept = asked.reusedSocket && error.code === 'ECONNRESET'
      reject(error)
    })
    asked.end()
  })
}

/** A page as JSON; null where there is none. */
async function page(url) {
  const { status, text } = await ask(url)
  if (status === 404) return null
  if (status !== 200) throw new TapedeckError(`${url} answers with ${status}: ${text}`)
  return JSON.parse(text)
}

module.exports = { ask, page }
