import LosslessJSON
import TestSupport

@testable import Redaction

/// An answer made of one text, which is cut anywhere and written with any escapes.
struct SplitAnswer {
  enum Form: CaseIterable {
    case events, eventsWithCarriageReturns, lines, elements
  }

  /// The texts of its events, one after the other.
  var pieces: [String] = []
  var answer: AnswerBody

  /// Cuts a text for a form, as a seed says.
  init(_ text: String, as form: Form, key: String = "text", seed: UInt64) {
    var chance = SeededGenerator(seed)
    var rest = Array(text.unicodeScalars)
    while !rest.isEmpty {
      let count = Int.random(in: 1...12, using: &chance)
      var piece = String.UnicodeScalarView()
      piece.append(contentsOf: rest.prefix(count))
      pieces.append(String(piece))
      rest.removeFirst(min(count, rest.count))
    }
    var bodies: [String] = []
    for piece in pieces {
      let inside = Self.escaped(piece, &chance)
      bodies.append(#"{"type":"delta","index":1,"delta":{"\#(key)":"\#(inside)"}}"#)
      if Bool.random(using: &chance) {
        bodies.append(#"{"delta":{"\#(key)":"other words "},"index":2,"type":"delta"}"#)
      }
    }
    let body: String
    switch form {
    case .events: body = bodies.map { "event: delta\ndata: \($0)\n\n" }.joined()
    case .eventsWithCarriageReturns: body = bodies.map { "data:\($0)\r\r" }.joined()
    case .lines: body = bodies.map { $0 + "\n" }.joined()
    case .elements: body = "[" + bodies.joined(separator: ",\r\n") + "]"
    }
    let isEventStream = form == .events || form == .eventsWithCarriageReturns
    answer = AnswerBody(
      Array(body.utf8), isEventStream: isEventStream, chunkEnds: [body.utf8.count])
  }

  /// The inside of a JSON string, each character in one of the ways to write it.
  private static func escaped(_ text: String, _ chance: inout SeededGenerator) -> String {
    text.unicodeScalars.map { scalar in
      let needsEscape = scalar.value < 0x20 || "\"\\".unicodeScalars.contains(scalar)
      guard needsEscape || Int.random(in: 0..<5, using: &chance) == 0 else { return "\(scalar)" }
      return String(scalar).utf16.map { unit in
        let digits = String(unit, radix: 16, uppercase: Bool.random(using: &chance))
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }.joined()
    }.joined()
  }

  /// The bytes of each event, and what its text is; nil where one is not JSON any more.
  static func read(_ answer: AnswerBody, key: String = "text") -> [(bytes: [UInt8], text: String)]?
  {
    var found: [(bytes: [UInt8], text: String)] = []
    var isWell = true
    answer.bytes.withUnsafeBufferPointer { body in
      AnswerUnits(of: answer)?.forEach(in: body) { _, parts in
        let bytes = parts.flatMap { Array(body[$0]) }
        guard let text = (try? JSONValue(parsing: bytes))?["delta"]?[key]?.stringBytes else {
          isWell = false
          return
        }
        found.append((bytes, String(decoding: text, as: UTF8.self)))
      }
    }
    return isWell ? found : nil
  }
}
