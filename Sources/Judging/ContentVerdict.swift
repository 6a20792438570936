/// What became of the content: what a client delivered, beside what it could know.
package enum ContentVerdict: String, CaseIterable, Hashable, Sendable {
  /// It delivered the whole answer on its first attempt, or one that it could not tell from it.
  case ok
  /// It noticed, tried again, and delivered the whole answer.
  case recovered
  /// It failed aloud, and what it had delivered is a true beginning of the answer.
  case reported
  /// It took a part for the whole.
  case silentTruncation = "silent-truncation"
  /// It delivered another text.
  case corrupted
  /// It delivered a text, or its beginning, twice.
  case repeated
  /// It says that the answer finished in a way that the stream did not say.
  case invented
  /// It had not ended when its time was up.
  case hang
  /// A signal ended it.
  case crash
  /// A variation that is allowed broke it.
  case gaveUp = "gave-up"
  /// Nobody can tell.
  case unknown
  /// The run went wrong outside the client.
  case harnessError = "harness-error"

  /// Whether the client did wrong.
  package var isWrong: Bool {
    switch self {
    case .ok, .recovered, .reported, .unknown, .harnessError: false
    case .silentTruncation, .corrupted, .repeated, .invented, .hang, .crash, .gaveUp: true
    }
  }
}
