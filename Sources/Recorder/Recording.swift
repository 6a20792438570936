public import Cassettes
internal import Libc
public import Redaction

/// Recording one request into a cassette.
public enum Recording {
  /// Makes a request and adds the exchange to a cassette, redacted.
  ///
  /// A broken answer is recorded like any other: how it ended stands in the exchange. Cancelling
  /// the task ends the recording as `cancelled`, and what had come is kept. Should the process die,
  /// what came up to a quarter of a second before is in a spool beside the cassette.
  ///
  /// - Parameters:
  ///   - request: What to ask, and when to give up.
  ///   - path: The cassette, which is created where there is none; its directory must exist. It is
  ///     checked before anything is sent.
  ///   - replaces: Whether the cassette becomes the new exchange alone, once that is whole. One
  ///     that holds an answer stays as it is where none came.
  ///   - recorder: What makes the request.
  ///   - rules: What is covered in everything that is written; the request is sent as it is.
  ///   - onProgress: Called with every event, ticks included.
  /// - Returns: The exchange, as it is in the cassette.
  /// - Throws: A `RecordingError` where the request cannot be sent as it stands, before anything is
  ///   sent, and where the cassette stays as it is because no answer came; a `CassetteError` where
  ///   the path cannot be recorded to, before anything is sent, or the recording cannot be written.
  public static func run(
    _ request: RecordingRequest, to path: String, replacing replaces: Bool = false,
    recorder: StreamRecorder,
    rules: RedactionRules = .standard, onProgress: (RecordingProgress) -> Void = { _ in }
  ) async throws -> Exchange {
    try request.validate()
    var request = request
    request.options.redaction = rules
    try CassetteFile.checkTarget(path)
    var feeder = SpoolFeeder(target: path, request: request.recordedNow(), rules: rules)
    try feeder.open()
    var progress = RecordingProgress()
    for await event in try recorder.record(request) {
      progress.note(event, isEventStream: feeder.isEventStream)
      onProgress(progress)
      guard let exchange = try feeder.take(event) else { continue }
      if replaces, !exchange.brought(statusBelow: 400), holdsAnswer(path) {
        feeder.discard()
        throw kept(path, for: exchange)
      }
      try feeder.commit(replacing: replaces)
      return exchange
    }
    throw RecordingError(
      "the recording stopped without an ending; what came is in \(feeder.path ?? path)")
  }

  private static func holdsAnswer(_ path: String) -> Bool {
    let exchanges = (try? CassetteReader.readAll(path: path)) ?? []
    return exchanges.contains(where: \.isAnswer)
  }

  private static func kept(_ path: String, for exchange: Exchange) -> RecordingError {
    let status = exchange.head.map { "status \($0.status), " } ?? ""
    let detail = exchange.ending.detail.map { ": \($0)" } ?? ""
    return RecordingError(
      "no answer came (\(status)\(exchange.ending.how.rawValue)\(detail)): \(path) stays as it was",
      isUnavailable: true)
  }

  /// A new identity: 16 lower-case hexadecimal digits.
  static func makeID() -> String {
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension Exchange {
  fileprivate func brought(statusBelow limit: Int) -> Bool {
    head.map { $0.status < limit } ?? false
  }
}
