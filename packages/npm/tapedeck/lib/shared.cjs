'use strict'

const childProcess = require('node:child_process')
const { setTimeout, clearTimeout } = require('node:timers')
const { commandLine, Deck } = require('./deck.cjs')

// How long a deck that nobody uses waits for the next test file of this process.
const LINGER_MS = 500

// jest gives each test file modules and globals of its own: only what belongs to node outlives a file.
const key = Symbol.for('tapedeck.decks')
const decks = (childProcess[key] ??= new Map())
// Which of them this copy of the module started.
const mine = new Map()

/**
 * The deck of these options: the one that runs the tests, else one for all files of the process that want
 * the same. Each that takes it releases it.
 */
async function acquire(options) {
  const runs = process.env.TAPEDECK_URL
  // A URL with directives is that of a test, or of one of torture's cases.
  if (runs && new URL(runs).pathname === '/') return { deck: await Deck.at(runs), release: async () => {} }
  const name = nameOf(options)
  let entry = decks.get(name)
  if (entry) clearTimeout(entry.timer)
  if (!entry || (entry.shared && !entry.shared.isRunning())) {
    entry = { users: 0 }
    decks.set(name, entry)
    const deck = new Deck(options)
    mine.set(entry, deck)
    entry.started = deck.start().then(() => (entry.shared = deck.share()))
  }
  entry.users += 1
  try {
    const shared = await entry.started
    return { deck: mine.get(entry) ?? Deck.adopted(shared), release: () => release(name, entry) }
  } catch (error) {
    if (decks.get(name) === entry) decks.delete(name)
    throw error
  }
}

function nameOf(options) {
  const settings = Object.entries(process.env).filter(([variable]) => variable.startsWith('TAPEDECK'))
  return JSON.stringify([process.cwd(), commandLine(options), settings.sort()])
}

async function release(name, entry) {
  entry.users -= 1
  if (entry.users > 0) return
  const { mode, end } = entry.shared
  if (mode !== 'replay' && mine.has(entry)) {
    // What was recorded is on the disk before the tests end, or they fail.
    if (decks.get(name) === entry) decks.delete(name)
    await mine.get(entry).stop()
    return
  }
  entry.timer = setTimeout(() => {
    if (decks.get(name) === entry) decks.delete(name)
    end()
  }, LINGER_MS)
  entry.timer.unref()
}

module.exports = { acquire }
