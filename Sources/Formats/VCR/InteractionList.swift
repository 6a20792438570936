internal import Cassettes
internal import Documents

/// The list of interactions that a cassette is, in one of the places where it may stand.
struct InteractionList {
  /// What leads to the list; an empty path is the document itself.
  let paths: [[String]]
  /// Whether requests and responses may stand in a list each, as LangChain's serializer has them.
  var takesHalves = false

  private static let halves = [["requests"], ["responses"]]

  /// Reads a file and hands over its interactions one by one.
  ///
  /// - Parameters:
  ///   - input: The file.
  ///   - capture: Makes a capture of an interaction.
  ///   - emit: Receives the captures.
  /// - Throws: An `ImportError` or `DocumentError`, or what `capture` and `emit` throw.
  func read(
    _ input: ImportInput, capture: (Node) throws -> Capture, _ emit: (Capture) throws -> Void
  ) throws {
    let feed = try CassetteFeed(input)
    let reader = DocumentReader(feed.next, syntax: feed.syntax, limits: input.limits)
    var isEmpty = true
    while true {
      // The last one of a file that was cut is kept until it is known what was cut.
      var held: Capture?
      var count = 0
      var halves = InteractionHalves()
      let streamed = paths + (takesHalves ? Self.halves : [])
      let document = try reader.next(streaming: streamed) { node, number in
        count += 1
        guard number < paths.count else {
          if let pair = halves.take(node, isRequest: number == paths.count) {
            try emit(capture(pair))
          }
          return
        }
        if let last = held.take() { try emit(last) }
        let found = try capture(node)
        if Self.mayBeCut(node, byteOfCut: feed.byteOfCut) {
          held = found
        } else {
          try emit(found)
        }
      }
      guard let document else { break }
      isEmpty = false
      try halves.end(document)
      if var last = held {
        if endsWithList(document) { last.cut() }
        try emit(last)
      }
      guard count == 0 else { continue }
      if document["request"] != nil { try emit(capture(document)) } else { try check(document) }
    }
    if isEmpty { throw ImportError("expected \(title), found an empty file") }
  }

  /// Whether the body is the last of an interaction, so that it may go on where a file was cut.
  static func endsWithBody(_ interaction: Node) -> Bool {
    guard interaction.endsWith("response", "Response") else { return false }
    return interaction["response"]?.endsWith("body", "content", "parsed_body") == true
  }

  private static func mayBeCut(_ interaction: Node, byteOfCut: UInt8?) -> Bool {
    guard let byteOfCut, endsWithBody(interaction) else { return false }
    return interaction["response"]?.endsOpen(with: byteOfCut) == true
  }

  private func endsWithList(_ document: Node) -> Bool {
    guard let key = document.members?.last?.key else { return true }
    return paths.contains { $0.first.map(key.hasBytes) ?? false }
  }

  /// Makes sure that a document without interactions has a list of them.
  private func check(_ document: Node) throws {
    if paths.contains(where: { document[path: $0]?.items != nil }) { return }
    let found = paths.lazy.filter { !$0.isEmpty }.compactMap { document[path: $0] }.first
    throw ImportError(expected: title, found: found ?? document, in: document)
  }

  private var title: String {
    let names = paths.compactMap { $0.last.map { "`\($0)`" } }
    return "a list of interactions, \(names.joined(separator: " or "))"
  }
}

extension Capture {
  /// Notes that the file ends within the body.
  mutating func cut() {
    ending = .truncated
    endingDetail = "the file ends within the body"
  }
}
