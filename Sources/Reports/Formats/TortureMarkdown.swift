package import Judging

/// What `torture --markdown` writes, for a pull request or a page: a matrix of families and
/// verdicts, then each kind of failure once with the command that shows it.
package struct TortureMarkdown: Sendable {
  private let reports: [TortureReport]

  /// Creates the text of one run, or of several clients' runs.
  package init(_ reports: [TortureReport]) { self.reports = reports }

  /// The document.
  package var text: String { reports.map(Self.section).joined(separator: "\n") }

  /// The document's bytes.
  package var bytes: [UInt8] { Array(text.utf8) }

  private static func section(_ report: TortureReport) -> String {
    let wrong = report.wrong.count
    let cases = report.results.count
    var lines = ["## \(code(report.client))", ""]
    lines.append(
      wrong == 0
        ? "All \(cases) cases are handled correctly."
        : "**\(wrong) of \(cases)** cases are handled wrongly.")
    if report.leftOut > 0 { lines[2] += " \(report.leftOut) were left out for want of time." }
    lines += ["", ""] + matrix(Families(report.results))
    for kind in FailureKinds(report).kinds {
      lines += ["", "### \(escaped(kind.verdict)): \(escaped(kind.line))", ""]
      lines += [
        "\(escaped(kind.example.title)) (\(code(kind.example.id)), \(escaped(kind.example.clause)))."
      ]
      lines += ["\(escaped(kind.example.evidence))", ""]
      lines += block(kind.example.reproduce)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func matrix(_ families: Families) -> [String] {
    let verdicts = families.verdicts
    let rule = ["---"] + Array(repeating: "---:", count: verdicts.count + 1)
    var rows = [row(["family"] + verdicts + ["cases"]), row(rule)]
    for family in families.all {
      let counts = verdicts.map { verdict in
        let count = family.count(of: verdict)
        return count == 0 ? "" : "\(count)"
      }
      rows.append(row([escaped(family.name)] + counts + ["\(family.results.count)"]))
    }
    return rows
  }

  private static func row(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }

  /// A text in which nothing is markup, neither of Markdown nor of HTML, on one line.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\r", "\t": escaped += " "
      case "\\", "`", "*", "_", "[", "]", "|", "#", "~":
        escaped += "\\"
        escaped.unicodeScalars.append(scalar)
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return Markup.escaped(escaped)
  }

  /// A text as code within a line, between more backticks than it has in a row. (CommonMark, 6.1)
  private static func code(_ text: String) -> String {
    let text = text.unicodeScalars.reduce(into: "") { line, scalar in
      line.unicodeScalars.append(scalar.value < 0x20 ? " " : scalar)
    }
    let fence = fence(for: text, atLeast: 1)
    return text.contains("`") ? "\(fence) \(text) \(fence)" : "\(fence)\(text)\(fence)"
  }

  /// A command in a block of its own.
  private static func block(_ text: String) -> [String] {
    let fence = fence(for: text, atLeast: 3)
    return ["\(fence)sh", text, fence]
  }

  private static func fence(for text: String, atLeast least: Int) -> String {
    var longest = 0
    var run = 0
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    return String(repeating: "`", count: max(least, longest + 1))
  }
}
