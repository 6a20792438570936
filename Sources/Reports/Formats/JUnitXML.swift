internal import Cassettes
package import Judging

/// What `torture --junit` writes: a test suite for each family, a test case for each case.
///
/// It has only what all readers of the format know: the attributes `name`, `tests`, `failures`,
/// `errors`, `skipped`, `time` and `classname`, and the elements `failure`, `error` and `skipped`.
package struct JUnitXML: Sendable {
  private let reports: [TortureReport]

  /// Creates the text of one run, or of several clients' runs.
  package init(_ reports: [TortureReport]) { self.reports = reports }

  /// The XML document.
  package var text: String {
    let suites = reports.flatMap { report in
      Families(report.results).all.map { family in
        (name: reports.count > 1 ? "\(report.client): \(family.name)" : family.name, family)
      }
    }
    let all = Tally(reports.flatMap(\.results))
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites name=\"tapedeck torture\" \(all.attributes)>\n"
    for (name, family) in suites {
      let tally = Tally(family.results)
      text += "  <testsuite name=\"\(Markup.escaped(name))\" \(tally.attributes)>\n"
      for result in family.results { text += Self.element(result) }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  /// The document's bytes.
  package var bytes: [UInt8] { Array(text.utf8) }

  private static func element(_ result: CaseResult) -> String {
    let className = "\(result.family)/\(result.faultName)"
    let head =
      "    <testcase name=\"\(Markup.escaped(result.id))\" classname=\"\(Markup.escaped(className))\""
      + " time=\"\(result.timeline.end.secondsText)\""
    guard let body = outcome(of: result) else { return head + "/>\n" }
    return head + ">\n      \(body)\n    </testcase>\n"
  }

  private static func outcome(of result: CaseResult) -> String? {
    let verdict = result.mainVerdict
    let evidence = Markup.escaped(result.evidence)
    let name = result.judgement.content == .harnessError ? "error" : "failure"
    if result.judgement.content == .unknown, !result.judgement.isWrong {
      return "<skipped message=\"\(evidence)\"/>"
    }
    guard result.judgement.isWrong || name == "error" else { return nil }
    let lines = [
      result.title, result.evidence, "expected: \(result.expectation)",
      "fault: \(result.fault)", "clause: \(result.clause)", "reproduce: \(result.reproduce)",
    ]
    return "<\(name) type=\"\(verdict)\" message=\"\(verdict): \(evidence)\">"
      + Markup.escaped(lines.joined(separator: "\n")) + "</\(name)>"
  }

  /// What a suite counts.
  private struct Tally {
    var attributes: String

    init(_ results: [CaseResult]) {
      let errors = results.filter { $0.judgement.content == .harnessError }.count
      let failures = results.filter {
        $0.judgement.isWrong && $0.judgement.content != .harnessError
      }.count
      let skipped = results.filter { $0.judgement.content == .unknown && !$0.judgement.isWrong }
      let time = results.reduce(Microseconds.zero) { $0 + $1.timeline.end }
      attributes =
        "tests=\"\(results.count)\" failures=\"\(failures)\" errors=\"\(errors)\" "
        + "skipped=\"\(skipped.count)\" time=\"\(time.secondsText)\""
    }
  }
}

extension Microseconds {
  /// The time in seconds with three digits behind the point.
  fileprivate var secondsText: String {
    let milliseconds = count / 1000
    return "\(milliseconds / 1000)." + "\(milliseconds % 1000 + 1000)".dropFirst()
  }
}
