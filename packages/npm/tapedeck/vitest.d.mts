import type { Session, Tapedeck, UseTapedeckOptions } from './index.cjs'

export * from './index.mjs'

/** As in `tapedeck`, with vitest's hooks. */
export declare function useTapedeck(options?: UseTapedeckOptions): Tapedeck

declare module 'vitest' {
  interface TestContext {
    /** The session of the test, where `useTapedeck` gives it one. */
    tapedeck: Session
  }
}
