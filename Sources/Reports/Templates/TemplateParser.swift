/// Takes a template apart.
struct TemplateParser {
  /// A section that has begun.
  private struct Open {
    var name: String
    var isInverted: Bool
    var line: Int
    var parts: [Template.Part] = []
  }

  private var rest: Substring
  private var line = 1
  private var stack = [Open(name: "", isInverted: false, line: 1)]

  /// Whether only blanks stand on this line before where the parser is.
  private var isAtLineStart = true

  init(_ text: String) {
    rest = text[...]
  }

  mutating func parse() throws(TemplateError) -> [Template.Part] {
    while let brace = rest.firstRange(of: "{{") {
      let before = rest[..<brace.lowerBound]
      rest = rest[brace.upperBound...]
      try take(tagAfter: before)
    }
    add(rest)
    guard stack.count == 1, let all = stack.last else {
      let open = stack.last
      throw TemplateError(
        line: open?.line ?? line, reason: "the section '\(open?.name ?? "")' does not end")
    }
    return all.parts
  }

  private mutating func take(tagAfter before: Substring) throws(TemplateError) {
    let isTriple = rest.hasPrefix("{")
    let closing = isTriple ? "}}}" : "}}"
    guard let end = rest.firstRange(of: closing) else {
      let tagLine = line + before.count { $0 == "\n" }
      throw TemplateError(line: tagLine, reason: "a tag does not end with \(closing)")
    }
    let tag = rest[..<end.lowerBound].dropFirst(isTriple ? 1 : 0)
    rest = rest[end.upperBound...]
    guard let sigil = tag.first, !isTriple, "#^/>!&".contains(sigil) else {
      add(before)
      append(.variable(Self.name(Self.trimmed(tag)), isMarkup: isTriple))
      isAtLineStart = false
      return
    }
    let name = Self.trimmed(tag.dropFirst())
    if sigil == "&" {
      add(before)
      append(.variable(Self.name(name), isMarkup: true))
      isAtLineStart = false
      return
    }
    addStandalone(before)
    line += tag.count { $0 == "\n" }
    switch sigil {
    case "#", "^": stack.append(Open(name: name, isInverted: sigil == "^", line: line))
    case ">": append(.partial(name))
    case "/": try close(name)
    default: break
    }
  }

  private mutating func close(_ name: String) throws(TemplateError) {
    guard stack.count > 1, let open = stack.popLast(), open.name == name else {
      throw TemplateError(line: line, reason: "the section '\(name)' ends and has not begun")
    }
    append(.section(Self.name(name), open.parts, isInverted: open.isInverted))
  }

  /// Adds what stands before a tag that shows nothing; where the tag stands alone on its line, the
  /// line goes with it.
  private mutating func addStandalone(_ before: Substring) {
    let start = before.lastIndex(of: "\n").map { before.index(after: $0) } ?? before.startIndex
    let isIndented = before[start...].allSatisfy { $0 == " " || $0 == "\t" }
    let startsLine = start > before.startIndex || isAtLineStart
    let after = rest.drop { $0 == " " || $0 == "\t" }
    guard isIndented, startsLine, after.isEmpty || after.first == "\n" else {
      add(before)
      isAtLineStart = isIndented && startsLine
      return
    }
    add(before[..<start])
    if !after.isEmpty { line += 1 }
    rest = after.dropFirst()
    isAtLineStart = true
  }

  private mutating func add(_ text: Substring) {
    guard !text.isEmpty else { return }
    line += text.count { $0 == "\n" }
    let last = text.lastIndex(of: "\n").map { text[text.index(after: $0)...] }
    let isBlank = (last ?? text).allSatisfy { $0 == " " || $0 == "\t" }
    isAtLineStart = isBlank && (last != nil || isAtLineStart)
    append(.text(String(text)))
  }

  private mutating func append(_ part: Template.Part) {
    stack[stack.count - 1].parts.append(part)
  }

  private static func name(_ text: String) -> Template.Name {
    text == "." ? [] : text.split(separator: ".").map(String.init)
  }

  private static func trimmed(_ text: Substring) -> String {
    let front = text.drop { $0.isWhitespace }
    let end = front.lastIndex { !$0.isWhitespace }.map { front.index(after: $0) }
    return String(front[..<(end ?? front.startIndex)])
  }
}
