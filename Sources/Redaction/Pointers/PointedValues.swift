internal import LosslessJSON

/// Finds the strings and numbers in a JSON text to which pointers lead.
///
/// The text is read as far as it goes: of one that breaks off all that came is covered, and where
/// one is no JSON from some place on, all words behind that place, since nobody knows what they
/// are.
struct PointedValues {
  /// Why reading stopped.
  private enum Stop: Error {
    case end, malformed
  }

  /// What may still be reached: the tokens that are left of each pointer, and whether one led here.
  private struct Ways {
    var open: [ArraySlice<RedactionPointer.Token>]
    var isCovered: Bool

    func through(_ leads: (RedactionPointer.Token) -> Bool) -> Ways {
      var ways = Ways(open: [], isCovered: isCovered)
      for way in open where way.first.map(leads) ?? false { ways.add(way.dropFirst()) }
      return ways
    }

    mutating func add(_ way: ArraySlice<RedactionPointer.Token>) {
      if way.isEmpty { isCovered = true } else { open.append(way) }
    }

    /// Whether something inside of an array may have to be covered.
    var leadIntoArrays: Bool {
      isCovered || open.contains { $0.first.map { $0.isAny || $0.index != nil } ?? false }
    }

    var leadIntoObjects: Bool { isCovered || !open.isEmpty }
  }

  /// The end of an OpenAI stream, which is no JSON.
  private static let done = Array("[DONE]".utf8)

  private let text: [UInt8]
  private var index = 0
  private var openContainers = 0

  /// What must be covered, in order.
  private(set) var covers: [Cover] = []

  /// Reads a text of one document, or of several one behind the other.
  init(in text: [UInt8], _ pointers: [RedactionPointer]) {
    self.text = text
    guard text != Self.done else { return }
    var root = Ways(open: [], isCovered: false)
    for pointer in pointers { root.add(pointer.tokens[...]) }
    readDocuments(root)
  }

  private mutating func readDocuments(_ root: Ways) {
    while true {
      do throws(Stop) {
        _ = try peek()
        try value(root)
      } catch .end {
        return
      } catch {
        guard openContainers == 0, !root.isCovered else { return coverWords() }
        // Of lines with a document each, others may be well.
        index = text[index...].firstIndex(of: 0x0A) ?? text.count
      }
      openContainers = 0
    }
  }

  /// Skips white space and gives the byte behind it, without taking it.
  private mutating func peek() throws(Stop) -> UInt8 {
    while index < text.count {
      guard [0x20, 0x09, 0x0A, 0x0D].contains(text[index]) else { return text[index] }
      index += 1
    }
    throw .end
  }

  /// An array or an object of which the end has not been read.
  private struct Container {
    let isObject: Bool
    let ways: Ways
    /// How many elements were read.
    var number = 0

    var close: UInt8 { isObject ? UInt8(ascii: "}") : UInt8(ascii: "]") }
    /// Whether something in it may have to be covered.
    var isOpen: Bool { isObject ? ways.leadIntoObjects : ways.leadIntoArrays }
  }

  /// The deepest nesting that is looked into.
  private static let deepest = 512

  /// Reads one value with all that stands in it; what is open is kept in an array and not on the
  /// stack.
  private mutating func value(_ root: Ways) throws(Stop) {
    var containers: [Container] = []
    var ways = root
    while true {
      guard containers.count < Self.deepest else { throw .malformed }
      let container = try begin(ways)
      if let container { containers.append(container) }
      guard let next = try goOn(in: &containers, isBehindValue: container == nil) else { return }
      ways = next
    }
  }

  /// Reads a value that nothing stands in, or the bracket that opens a container.
  private mutating func begin(_ ways: Ways) throws(Stop) -> Container? {
    switch try peek() {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      let container = Container(isObject: text[index] == UInt8(ascii: "{"), ways: ways)
      index += 1
      openContainers += container.isOpen ? 1 : 0
      return container
    case UInt8(ascii: "\""):
      let start = index + 1
      defer {
        if ways.isCovered { cover(start..<max(start, stringEnd)) }
      }
      try string()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): number(ways)
    default: try word()
    }
    return nil
  }

  /// Goes to the next value in what is open, closing what ends before it.
  ///
  /// - Returns: What may be reached in that value, or nil where nothing is open any more.
  private mutating func goOn(
    in containers: inout [Container], isBehindValue: Bool
  ) throws(Stop) -> Ways? {
    var isBehindValue = isBehindValue
    while let last = containers.indices.last {
      let container = containers[last]
      if isBehindValue, try peek() != container.close {
        guard text[index] == UInt8(ascii: ",") else { throw .malformed }
        index += 1
      }
      guard try peek() != container.close else {
        index += 1
        openContainers -= container.isOpen ? 1 : 0
        containers.removeLast()
        isBehindValue = true
        continue
      }
      containers[last].number += 1
      guard container.isObject else {
        return container.ways.through { $0.leads(to: container.number) }
      }
      let key = try key()
      return container.ways.through { $0.leads(to: key) }
    }
    return nil
  }

  /// Takes a key and the colon behind it.
  private mutating func key() throws(Stop) -> [UInt8] {
    guard try peek() == UInt8(ascii: "\"") else { throw .malformed }
    let start = index
    try string()
    let raw = Array(text[start..<index])
    guard try peek() == UInt8(ascii: ":") else { throw .malformed }
    index += 1
    guard raw.contains(UInt8(ascii: "\\")) else { return Array(raw.dropFirst().dropLast()) }
    return (try? JSONValue(parsing: raw))?.stringBytes ?? raw
  }

  /// The end of the inside of the string that was taken last, closed or not.
  private var stringEnd = 0

  /// Takes a string, to its quote, or as far as it goes.
  private mutating func string() throws(Stop) {
    index += 1
    while index < text.count, text[index] != UInt8(ascii: "\"") {
      index += text[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    stringEnd = min(index, text.count)
    guard index < text.count else { throw .end }
    index += 1
  }

  private mutating func number(_ ways: Ways) {
    let start = index
    while index < text.count, "+-.eE0123456789".utf8.contains(text[index]) { index += 1 }
    if ways.isCovered { covers.append(Cover(range: start..<index, isNumber: true)) }
  }

  private mutating func word() throws(Stop) {
    for word in ["true", "false", "null"] {
      let rest = text[index...]
      if rest.starts(with: word.utf8) {
        index += word.utf8.count
        return
      }
      // What breaks off there has nothing to cover.
      if word.utf8.starts(with: rest) { throw .end }
    }
    throw .malformed
  }

  private mutating func cover(_ range: Range<Int>) {
    if !range.isEmpty { covers.append(Cover(range: range)) }
  }

  /// Covers all letters, digits and characters beyond ASCII that are left.
  private mutating func coverWords() {
    while index < text.count {
      let start = index
      while index < text.count, text[index] >= 0x80 || ByteTraits.of(text[index]).contains(.word) {
        index += 1
      }
      cover(start..<index)
      index += 1
    }
  }
}
