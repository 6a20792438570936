/** A path, or a `file:` URL such as `new URL('./cassettes', import.meta.url)`. */
export type PathLike = string | { readonly protocol: string; readonly href: string }

/** What is done with a request that a cassette could answer: VCR's names, and Tapedeck's own. */
export type Mode =
  | 'none' | 'once' | 'new_episodes' | 'all'
  | 'replay' | 'auto' | 'record' | 'passthrough'

/** The value of an option of the command line: `true` is a flag without a value. */
export type OptionValue = string | number | boolean | undefined | readonly (string | number)[]

/** What a deck serves, and how. */
export interface DeckOptions {
  /** Cassettes and folders of cassettes; without them, those that `tapedeck.json` names. */
  cassettes?: PathLike | readonly PathLike[]
  /** Serve the built-in cassettes too. */
  sample?: boolean
  /** `none` by default: nothing but cassettes answers. */
  mode?: Mode
  /** Where requests are forwarded: a URL, or `/PREFIX=URL` for the paths below it. */
  upstream?: string | readonly string[]
  /** Where recordings go: a cassette, or a folder with a cassette for each session. */
  recordTo?: PathLike
  /** When the bytes are sent: `recorded` by default, `instant`, `2x`, `gap:20ms`, `ttft:300ms,rate:50/s`. */
  pace?: string
  /** Faults of every answer. */
  fault?: string | readonly string[]
  /** The configuration file, or false for none; `tapedeck.json` by default. */
  config?: PathLike | false
  /** Any other option of `tapedeck serve`, such as `{ matchNormalize: ['uuid', 'date'] }`. */
  options?: { readonly [name: string]: OptionValue }
}

/** A server of cassettes, as a program of its own that ends when this one does. */
export declare class Deck {
  constructor(options?: DeckOptions)
  /** A deck that runs already. */
  static at(url: string): Promise<Deck>
  /** Starts the deck, and gives it once it is ready. */
  start(): Promise<this>
  /** Ends the deck; fails with its own words where a recording was lost. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
  /** The base URL, without a session. */
  readonly url: string
  readonly mode: 'replay' | 'auto' | 'record' | 'once' | 'passthrough'
  /** The last that the deck said on standard error. */
  readonly words: string
  /** A session of that name. */
  session(name: string): Session
  /** An entry for each request, oldest first. */
  journal(query?: { after?: number; limit?: number }): Promise<JournalEntry[]>
}

/** How one request is served: each is a segment of the base URL. */
export interface Directives {
  cassette?: string
  exchange?: number
  pace?: string
  fault?: string | readonly string[]
  seed?: number
  attempt?: number
}

/** A client's own replay state, isolated from all others. */
export declare class Session {
  private constructor()
  readonly name: string
  /** The base URL, without a version. */
  readonly url: string
  readonly anthropicURL: string
  /** The base URL with `/v1`. */
  readonly openaiURL: string
  readonly geminiURL: string
  /** The same as the value of the request header `tapedeck`, for a client that takes headers only. */
  readonly header: string
  /** Whether the base URLs ask for a fault. */
  readonly hasFault: boolean
  /** The same session with one more fault, on the attempts `on` only: `withFault('reset@event:12', { on: 1 })`. */
  withFault(fault: string, keys?: { on?: number | string; nth?: number | string }): Session
  /** The same session with directives. */
  with(directives: Directives): Session
  /** The variables by which clients find the session, with dummy keys where nothing is forwarded. */
  env(): { [name: string]: string }
  /** An entry for each request of the session, oldest first. */
  journal(): Promise<JournalEntry[]>
  /** The session's page, or null where there was no request. */
  page(): Promise<SessionPage | null>
  /** Fails unless the session was as is said. */
  expect(expected: Expected): Promise<void>
  toString(): string
}

export interface Expected {
  /** How many requests there were. */
  requests?: number
  /** The most attempts that a request took. */
  attempts?: number
  /** The status of each answer, in order. */
  statuses?: readonly number[]
  /** How the last answer ended, or each of them. */
  ended?: string | readonly string[]
  /** A fault that fired, by its name or as it was written; or all of them so, in order. */
  fired?: string | readonly string[]
  /** How the client behaved, at its worst. */
  conduct?: Conduct
}

export type Conduct =
  | 'ok' | 'retry-too-soon' | 'retry-storm' | 'retried-fatal' | 'left-open' | 'retried-after-content'

/** A request, as the deck's journal has it. */
export interface JournalEntry {
  id: number
  at: string
  session: string | null
  attempt: number | null
  attempt_from: 'directive' | 'session' | 'header' | 'unnamed' | null
  method: string
  path: string
  status: number | null
  exchange: { cassette: string; number: number; id: string } | null
  match: 'exact' | 'loose' | 'directive' | null
  /** Why no exchange was played. */
  miss: string | null
  miss_detail: {
    nearest: { cassette: string; number: number; id: string } | null
    differences: { at: string; recorded: string | null; asked: string | null }[]
    more: number
    suggestion: string | null
    command: string | null
  } | null
  directives: string[]
  /** The faults that fired, each with the recorded byte before which it did. */
  faults: { fault: string; byte: number | null }[]
  notes: string[]
  bytes: number
  events: number
  /** How the answer ended; null while it is under way. */
  ended: string | null
  lateness_us: number | null
  asked_ms: number | null
  waited_ms: number | null
  conduct: Conduct | null
  /** The value of the header `tapedeck` that plays the same answer again. */
  reproduce: string | null
  /** The URL that the request was forwarded to. */
  upstream?: string
}

/** What a session was, and what of it fails a run. */
export interface SessionPage {
  session: string
  attempts: { method: string; path: string; attempts: number }[]
  refused: number
  unfired: string[]
  miss: number
  loose: number
  unplayed: { cassette: string; exchange: number }[]
  lost: number
  conduct: { request: string; verdict: Conduct; evidence: string }[]
  outcome: unknown
}

/** What Tapedeck has to say. */
export declare class TapedeckError extends Error {}

/** What fails a test at its end. */
export type FailKind = 'refused' | 'unfired' | 'miss' | 'loose' | 'unplayed' | 'lost' | 'conduct' | 'none'

export interface TestHooks {
  beforeAll(run: () => unknown): unknown
  beforeEach(run: () => unknown): unknown
  afterEach(run: () => unknown): unknown
  afterAll(run: () => unknown): unknown
}

export interface UseTapedeckOptions extends DeckOptions {
  /** When the bytes are sent: `instant` by default. */
  pace?: string
  /** What fails a test at its end: refused, unfired, miss and lost by default. */
  failOn?: FailKind | readonly FailKind[]
  /** Whether process.env has the session's variables while a test runs; yes by default. */
  env?: boolean
  /** The test runner's hooks, where they are not in the globals. */
  hooks?: TestHooks
}

/** The session of the test that runs. */
export interface Tapedeck {
  readonly session: Session
  readonly url: string
  readonly anthropicURL: string
  readonly openaiURL: string
  readonly geminiURL: string
  readonly header: string
  withFault: Session['withFault']
  with: Session['with']
  env: Session['env']
  journal: Session['journal']
  expect: Session['expect']
  /** The session of the test with this context, which node:test and vitest give to a test. */
  of(context: object): Session
  /** A test function whose body gets its session, for tests that run at the same time. */
  taped<Context = any>(test: (name: string, ...rest: any[]) => any): TapedTest<Context>
  toString(): string
}

export interface TapedTest<Context = any> {
  (name: string, body: (session: Session, context: Context) => unknown, timeout?: number): any
  (name: string, options: object, body: (session: Session, context: Context) => unknown): any
}

/**
 * Gives each test of this file, or of the suite that it is called in, a session of its own: the SDKs find it in
 * process.env. A request that misses, a directive that is wrong and a fault that never fires fail the test.
 */
export declare function useTapedeck(options?: UseTapedeckOptions): Tapedeck

/** A test function whose body gets its session, without hooks. */
export declare function taped<Context = any>(
  test: (name: string, ...rest: any[]) => any,
  options?: UseTapedeckOptions,
): TapedTest<Context>

export interface TortureContext {
  /** Takes each piece of the text, so that what came before a failure is known. */
  onText(piece: string): void
  /** Aborts when the case is over. */
  signal: AbortSignal
  url: string
  anthropicURL: string
  /** The base URL with `/v1`. */
  openaiURL: string
  geminiURL: string
}

/** What a client made of an answer. */
export interface TortureOutcome {
  text?: string
  /** Why it is not the whole answer. */
  error?: unknown
  /** The reason for the end that the client gives its caller. */
  finish?: string | null
}

/** A client: it asks once, gives the text that it gets, and fails unless it believes that it is whole. */
export type TortureClient = (
  baseURL: string,
  context: TortureContext,
) =>
  | AsyncIterable<string>
  | string | void | TortureOutcome
  | Promise<AsyncIterable<string> | string | void | TortureOutcome>

export interface TortureOptions {
  cassettes?: PathLike | readonly PathLike[]
  sample?: boolean
  config?: PathLike | false
  /** Patterns of cases, such as `cut/*` and `anthropic-text/cut/end`. */
  case?: string | readonly string[]
  exclude?: string | readonly string[]
  class?: string
  fault?: string | readonly string[]
  places?: 'telling' | 'all'
  seed?: number
  /** How many cases are run at once, 2 by default. */
  jobs?: number
  /** How long a case may take, `10s` by default. */
  timeout?: string
  budget?: string
  readTimeout?: string
  timeScale?: number
  maxAttempts?: number
  shrink?: boolean
  html?: PathLike
  junit?: PathLike
  markdown?: PathLike
  known?: readonly KnownFailure[]
  options?: { readonly [name: string]: OptionValue }
}

/** A failure that cannot be mended today. */
export interface KnownFailure {
  case: string
  verdict: string
  why: string
}

export interface TortureResult {
  case: string
  fault: string
  expect: 'benign' | 'breaking' | 'undetectable'
  verdict: string
  conduct: string
  attempts: number
  exit: number | null
  evidence: string
  reproduce: string
  title: string
  clause: string
  cassette: string
  exchange: number
  expectation: string
  conduct_evidence: string
  timeline: unknown
}

export declare class TortureReport {
  private constructor()
  readonly cases: number
  readonly leftOut: number
  readonly results: readonly TortureResult[]
  /** The results that are wrong, and not known to be. */
  readonly wrong: readonly TortureResult[]
  /** The known failures that no longer fail. */
  readonly stale: readonly KnownFailure[]
  /** Fails where the client is wrong in a way that is not known, or a known failure is none any more. */
  check(): this
  toString(): string
}

/** Runs a client against every way in which a stream can break, and judges it. */
export declare function torture(client: TortureClient, options?: TortureOptions): Promise<TortureReport>

export interface TortureCase {
  id: string
  case: string
  cassette: string
  exchange: number
  title: string
  fault: string
  expect: 'benign' | 'breaking' | 'undetectable'
  expectation: string
  clause: string
  /** Runs this case alone, and fails where the client is wrong. */
  check(client: TortureClient): Promise<TortureReport>
  toString(): string
}

/** The cases of cassettes, each of which can be a test of its own. */
export declare function tortureCases(options?: TortureOptions): TortureCase[]

declare global {
  interface SymbolConstructor {
    // TypeScript's own libraries have it since 5.2.
    readonly asyncDispose: unique symbol
  }
}
