import LosslessJSON

/// What `init` did, or would do: what it found, what became of each file, and what comes next.
struct StarterReport {
  let folder: String
  let isDry: Bool
  let findings: [Survey.Finding]
  var files: [(file: StarterFile, state: StarterFile.State)] = []
  let next: [String]

  /// The lines for a person.
  var lines: [String] {
    var lines: [String] = []
    add(findings.map { "\($0.what): \($0.why)" }, as: "found", to: &lines)
    for (file, state) in files {
      switch state {
      case .written: add([file.path], as: "wrote", to: &lines)
      case .planned:
        let title = "\(file.path)\(Self.colon(file))"
        add([title] + content(of: file), as: "would write", to: &lines)
      case .kept: add(kept(file), as: "kept", to: &lines)
      }
    }
    add(next, as: "next", to: &lines)
    return lines
  }

  private func kept(_ file: StarterFile) -> [String] {
    let here = "\(file.path), which is here"
    if isDry { return ["\(here); it would have been\(Self.colon(file))"] + content(of: file) }
    guard let text = file.lines else { return [here] }
    return ["\(here): add these lines"] + Self.indented(text)
  }

  private static func colon(_ file: StarterFile) -> String { file.title.map { ": \($0)" } ?? ":" }

  private func content(of file: StarterFile) -> [String] {
    file.title == nil ? Self.indented(String(decoding: file.bytes, as: UTF8.self)) : []
  }

  private static func indented(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
      $0.isEmpty ? "" : "  \($0)"
    }
  }

  /// Adds lines of which the first stands behind a word.
  private func add(_ texts: [String], as word: String, to lines: inout [String]) {
    let width = isDry ? 12 : 6
    for (index, text) in texts.enumerated() {
      let front = index == 0 ? word : ""
      let padding = String(repeating: " ", count: max(1, width - front.count + 1))
      lines.append(text.isEmpty ? "" : front + padding + text)
    }
  }

  /// The object for machines.
  var json: JSONValue {
    let found = findings.map { finding in
      JSONValue.object([.init("what", .string(finding.what)), .init("why", .string(finding.why))])
    }
    return .object([
      .init("version", .number(1)), .init("folder", .string(folder)),
      .init("dry_run", .bool(isDry)), .init("found", .array(found)),
      .init("files", .array(files.map { Self.json(of: $0.file, $0.state, isDry: isDry) })),
      .init("next", .array(next.map(JSONValue.string))),
    ])
  }

  private static func json(
    of file: StarterFile, _ state: StarterFile.State, isDry: Bool
  ) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("path", .string(file.path)), .init("state", .string(state.rawValue)),
    ]
    if isDry, file.title == nil { members.append(.init("content", .string(file.bytes))) }
    if state == .kept, let lines = file.lines { members.append(.init("add", .string(lines))) }
    return .object(members)
  }
}
