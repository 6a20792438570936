internal import EventStream
internal import HTTP
internal import Redaction

/// Looks through cassettes for what would make a bad fixture, and mends what a crash left.
public enum CassetteChecker {
  /// Checks a cassette and what stands beside it.
  ///
  /// - Parameters:
  ///   - path: The cassette.
  ///   - limits: What is taken before the file is refused.
  ///   - remarks: What there is to say about the message of an exchange, in one line.
  /// - Returns: What was found; damage is a finding, not an error.
  /// - Throws: An error of kind `noInput` where neither the file nor an orphan of it is there.
  public static func check(
    path: String, limits: CassetteLimits = .init(),
    remarks: (Exchange) -> String? = { _ in nil }
  ) throws(CassetteError) -> CheckReport {
    let orphans = SideFile.spool.orphans(beside: path).map { orphan in
      CheckFinding(
        .orphan,
        "the recording \(orphan) was not finished: run 'tapedeck check --repair \(path)' to add it")
    }
    var report = CheckReport(path: path, findings: orphans)
    do throws(CassetteError) {
      try read(path, limits: limits, remarks, into: &report)
    } catch {
      if error.kind == .badData {
        report.findings.insert(CheckFinding(.damage, Self.text(of: error)), at: 0)
      } else if orphans.isEmpty || OpenFile.Status(path: path) != nil {
        throw error
      }
    }
    return report
  }

  private static func read(
    _ path: String, limits: CassetteLimits, _ remarks: (Exchange) -> String?,
    into report: inout CheckReport
  ) throws(CassetteError) {
    var reader = try CassetteReader(path: path, limits: limits, recovering: true)
    var unanswered = UnansweredRequests()
    while let exchange = try reader.next() {
      report.exchanges += 1
      report.findings += findings(in: exchange, number: report.exchanges).map {
        withRemedy($0, path: path)
      }
      if let remark = remarks(exchange) {
        report.findings.append(CheckFinding(.message, remark, exchange: report.exchanges))
      }
      unanswered.add(exchange, number: report.exchanges)
    }
    report.findings += unanswered.findings
    if let damage = reader.damage {
      let error = CassetteError(.badData, damage.reason, line: damage.line, byte: damage.byte)
      report.findings.insert(CheckFinding(.damage, text(of: error)), at: 0)
    }
  }

  private static func withRemedy(_ finding: CheckFinding, path: String) -> CheckFinding {
    var finding = finding
    if finding.kind == .secret { finding.text += ": run 'tapedeck redact \(path)'" }
    return finding
  }

  private static func text(of error: CassetteError) -> String {
    var error = error
    error.path = ""
    return "\(error)"
  }

  /// What there is to say about one exchange.
  ///
  /// - Parameters:
  ///   - exchange: The exchange, as it was read.
  ///   - number: Its place in the cassette, from 1.
  /// - Returns: The findings: its ending, secrets, grammar.
  public static func findings(in exchange: Exchange, number: Int) -> [CheckFinding] {
    var findings: [CheckFinding] = []
    func add(_ kind: CheckFinding.Kind, _ text: String) {
      findings.append(CheckFinding(kind, text, exchange: number))
    }
    let how = exchange.ending.how
    if let unfitness = how.unfitness {
      add(.ending, "ended '\(how.rawValue)', because \(unfitness): not fit for a fixture")
    }
    for secret in SecretScanner().findings(in: exchange) { add(.secret, "\(secret)") }
    if let length = exchange.misstatedLength {
      add(
        .grammar,
        "declares \(length) bytes of body and has \(exchange.body.count), but ended 'complete'")
    }
    if let coding = exchange.undecodedCoding {
      add(
        .grammar, "the body is kept as received, in the content coding \(coding), and is not read")
    } else if exchange.isEventStream {
      for oddity in EventStreamOddities(body: exchange.body).found { add(.grammar, "\(oddity)") }
    }
    return findings
  }
}

extension Exchange {
  /// The content coding that a body still has, or nil: what is kept in one is no text to be read.
  ///
  /// A name that no coding has says nothing of the bytes.
  public var undecodedCoding: String? {
    guard let head, head.decoded == nil, !body.isEmpty, let coding = head.headers.contentCoding
    else { return nil }
    let known: Set = [
      "gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress", "dcb", "dcz",
    ]
    let codings = coding.split(separator: ",").map { $0.filter { $0 != " " } }
    return codings.allSatisfy { known.contains($0) } ? coding : nil
  }

  /// The length that the head gives where the body, which is whole and as it was sent, has another.
  ///
  /// An answer to HEAD and one of status 204 or 304 have no body, whatever their length says. (RFC
  /// 9112, 6.3)
  fileprivate var misstatedLength: Int64? {
    guard ending.how == .complete, let head, head.decoded == nil, request.method != "HEAD",
      ![204, 304].contains(head.status), case .length(let length) = head.framing,
      length != Int64(body.count)
    else { return nil }
    return length
  }
}
