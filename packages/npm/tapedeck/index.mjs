// The same module for `import`: its state exists once, however a project mixes import and require.
import tapedeck from './index.cjs'

export const { Deck, Session, TapedeckError, TortureReport } = tapedeck
export const { useTapedeck, taped, torture, tortureCases } = tapedeck
