'use strict'

const { Deck } = require('./lib/deck.cjs')
const { TapedeckError } = require('./lib/errors.cjs')
const { Session } = require('./lib/session.cjs')
const { taped } = require('./lib/taped.cjs')
const { TortureReport } = require('./lib/torture-report.cjs')
const { torture, tortureCases } = require('./lib/torture.cjs')
const { useTapedeck } = require('./lib/use.cjs')

module.exports = {
  Deck, Session, TapedeckError, TortureReport, useTapedeck, taped, torture, tortureCases,
}
