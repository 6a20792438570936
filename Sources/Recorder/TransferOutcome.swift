internal import Cassettes
internal import Redaction

/// What libcurl said of a transfer when it was over.
struct TransferOutcome {
  /// The CURLcode.
  var code: Int
  /// The operating system's error number, or 0.
  var systemError: Int = 0
  /// libcurl's words, "" where it had none.
  var text: String = ""
  /// How far the connection had got.
  var stage: Ending.Stage = .request
  /// What HTTP/2 frames said, or nil where the answer came in none.
  var stream: StreamEnd?
  /// Why a body that libcurl took for whole is not what its head declares, or nil.
  var shortage: String?

  /// How the exchange ended.
  ///
  /// - Parameters:
  ///   - hasHead: Whether a final response head came.
  ///   - time: When it was over.
  /// - Returns: The ending, its detail redacted.
  func ending(hasHead: Bool, at time: Microseconds) -> Ending {
    if let found = foundOtherwise, hasHead {
      return Ending(how: found.how, detail: found.detail, at: time)
    }
    let how = hasHead ? howWithHead : howWithoutHead
    return Ending(
      how: how, stage: how == .unreachable ? failedStage : nil,
      detail: how == .complete ? nil : detail(hasHead: hasHead),
      curlCode: code == 0 ? nil : code, at: time)
  }

  /// How an answer with a head ended where libcurl says something else, or too little.
  private var foundOtherwise: (how: Ending.How, detail: String)? {
    if let stream, !stream.isEnded {
      if let code = stream.brokenCode, stream.resetCode == nil {
        return (.malformed, "the server broke HTTP/2: \(StreamEnd.name(code))")
      }
      guard code == 0 else { return nil }
      if let code = stream.resetCode {
        let detail = "the HTTP/2 stream was reset with \(StreamEnd.name(code)) before its end"
        return (code == 0 ? .truncated : .reset, detail)
      }
      if stream.isWatched { return (.truncated, "the HTTP/2 stream did not end") }
      if !stream.isToldByLibcurl {
        let unsure = "unsure: this libcurl cannot tell whether the HTTP/2 stream ended or was reset"
        return (.complete, unsure)
      }
    }
    return code == 0 ? shortage.map { (.truncated, $0) } : nil
  }

  /// Codes of the HTTP grammar: not HTTP (1, 8), the framing of HTTP/2 (16), the content
  /// coding (61), a header line longer than libcurl takes, which is 100 since 8.6
  /// and before that the code for no memory (27).
  private var isGrammar: Bool { [1, 8, 16, 27, 61, 100].contains(code) }

  private func detail(hasHead: Bool) -> String? {
    if code == 0, !hasHead { return "the connection was closed before the head was whole" }
    if code == 27 { return "a header line was too long, or libcurl had no memory" }
    let said = text.isEmpty ? nil : Redactor.redact(text: text)
    let hint = SchemeAdvice.hint(code: code, text: text)
    let parts = [said, hint].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: ": ")
  }

  private var howWithHead: Ending.How {
    switch code {
    case 0: .complete
    case 92: .reset
    case _ where isGrammar: .malformed
    case _ where [55, 56].contains(code) && systemError != 0: .reset
    // libcurl 7.88 gives a bad chunk-size line the same code as a failed read.
    case 56 where text.lowercased().contains("chunk"): .malformed
    default: .truncated
    }
  }

  /// A head that is cut off, or larger than libcurl takes, is none; one that is no HTTP is
  /// malformed.
  private var howWithoutHead: Ending.How {
    isGrammar && ![27, 100].contains(code) ? .malformed : .unreachable
  }

  /// Why there is no head, or nil where there is one.
  func failure(hasHead: Bool) -> RecordingFailure? {
    guard !hasHead else { return nil }
    switch code {
    case 0: return .cut
    case 1: return .notHTTP
    case 27, 100: return .oversized
    // Before 8.6, all lines together beyond 300 KiB have the code of a failed read.
    case 56 where text.lowercased().contains("too large"): return .oversized
    case _ where isGrammar: return .malformed
    case 92: return .reset
    default: break
    }
    switch failedStage {
    case .dns: return .unresolved
    case .connect: return .unconnected
    case .tls: return .handshake
    case .request:
      if code == 28 { return .silence }
      if [52, 55, 56].contains(code) { return systemError == 0 ? .closed : .reset }
      return .own
    }
  }

  /// Whether it failed before a request could go out: 28 is the time for that alone.
  var isOfConnecting: Bool { code == 28 || [.dns, .connect, .tls].contains(stageOfCode) }

  private var failedStage: Ending.Stage { stageOfCode ?? stage }

  private var stageOfCode: Ending.Stage? {
    switch code {
    case 5, 6: .dns
    case 7, 97: .connect
    // Handshake, engine, certificate, cipher, its check, level, authorities, revocation, issuer,
    // pins.
    case 35, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91, 98: .tls
    default: nil
    }
  }
}
