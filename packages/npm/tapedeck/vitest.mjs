// For vitest without `globals: true`: its hooks can only be had by an import.
import * as vitest from 'vitest'
import tapedeck from './index.cjs'

export const { Deck, Session, TapedeckError, TortureReport } = tapedeck
export const { taped, torture, tortureCases } = tapedeck

const { beforeAll, beforeEach, afterEach, afterAll } = vitest
const hooks = { beforeAll, beforeEach, afterEach, afterAll }

/** As in `tapedeck`, with vitest's hooks. */
export function useTapedeck(options = {}) {
  return tapedeck.useTapedeck({ hooks, ...options })
}
