internal import Judging
internal import Planning
internal import Redaction
internal import Reports

/// What a client did with the cases that it was judged by.
public struct JudgeReport: Sendable, CustomStringConvertible {
  /// The cases that were run, in the order in which they were planned.
  public var results: [JudgedResult]

  /// What the client does wrong, each kind of it once, those of which there are most first.
  public var kinds: [WrongKind]

  /// The cases with which the client did wrong.
  public var wrong: [JudgedResult] { results.filter(\.isWrong) }

  /// A line, and for each kind of failure a few more.
  public var description: String {
    let head = "\(Self.counted(results.count, "case")): \(wrong.count) wrong"
    return ([head] + kinds.map(\.description)).joined(separator: "\n")
  }

  init(_ report: TortureReport) {
    results = report.results.map(JudgedResult.init)
    kinds = FailureKinds(report).kinds.map(WrongKind.init)
  }

  static func counted(_ count: Int, _ word: String) -> String {
    "\(count) \(word)\(count == 1 ? "" : "s")"
  }
}

/// One thing that a client does wrong, and one of the cases that show it.
public struct WrongKind: Hashable, Sendable, CustomStringConvertible {
  /// The verdict, as that of a result:
  /// `silent-truncation`.
  public var verdict: String

  /// How many cases show it.
  public var count: Int

  /// What the client does, and when: "takes a part of the answer for the whole when the body ends
  /// cleanly before the message does".
  public var sentence: String

  /// One of the cases.
  public var example: JudgedResult

  /// What the client does, the evidence of one case, what a right client does, and how to run this
  /// case alone.
  public var description: String {
    """
    \(JudgeReport.counted(count, "case")): \(sentence)
      \(example.name): \(example.evidence)
      \(example.expectation)
      run it alone with cases: "\(example.name)"
    """
  }

  init(_ kind: FailureKinds.Kind) {
    verdict = kind.verdict
    count = kind.count
    sentence = kind.sentence
    example = JudgedResult(kind.example)
  }
}

/// What became of one case.
public struct JudgedResult: Hashable, Sendable {
  /// The case, with its cassette in front: `anthropic-text/cut/end/event-2`.
  public var name: String

  /// The case in plain words: "The connection drops in the middle of the text".
  public var title: String

  /// The faults, as the trait and a base URL take them, separated by `;`; empty for none.
  public var fault: String

  /// What a right client does, as one sentence.
  public var expectation: String

  /// What the expectation rests on: `RFC 9112, 8`.
  public var clause: String

  /// The verdict on what was delivered: `ok`, `recovered`, `reported`, `silent-truncation`,
  /// `corrupted`, `repeated`, `invented`, `hang`, `crash`, `gave-up`, `unknown` or `harness-error`.
  public var content: String

  /// The verdict on what the client did towards the server: `ok`, `retry-too-soon`, `retry-storm`,
  /// `retried-fatal`, `left-open` or `retried-after-content`.
  public var conduct: String

  /// What the verdicts rest on.
  public var evidence: String

  /// How many requests the client made.
  public var attempts: Int

  /// Whether the client did wrong.
  public var isWrong: Bool

  init(_ result: CaseResult) {
    let exchange = result.exchange > 1 ? "#\(result.exchange)" : ""
    name = "\(result.cassette)\(exchange)/\(result.id)"
    title = result.title
    fault = result.fault
    expectation = result.expectation
    clause = result.clause
    content = result.judgement.content.rawValue
    conduct = result.judgement.conduct.rawValue
    evidence = Redactor.redact(text: result.evidence)
    attempts = result.attempts
    isWrong = result.judgement.isWrong
  }
}
