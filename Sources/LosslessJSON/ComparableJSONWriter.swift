/// Writes the comparable form of a JSON text.
///
/// What of the text is in that form already is copied in runs, however many values are in one.
struct ComparableJSONWriter {
  /// A member of an object that is not closed, or of the outermost one.
  struct Member {
    /// Where its key stands in the text, between the quotes.
    var key: Range<Int>
    /// Whether its key stands for its own bytes.
    var isPlain: Bool
    /// Where its form begins and its key ends in the output, with the quotes.
    var start: Int
    var keyEnd: Int
  }

  /// An array or an object that is not closed.
  ///
  /// They are kept in an array and not on the stack, of which a thread may have little.
  private struct Open {
    let isObject: Bool
    /// What pointers say of what is inside.
    let ignored: [ArraySlice<String>]
    /// Where its members begin among those of all.
    let first: Int
    var isSorted = true
    /// How many elements have begun, and how many have ended and were kept.
    var begun = 0
    var kept = 0
    /// Where the last element begins in the output, and whether it is kept.
    var start = 0
    var isKept = true

    var close: UInt8 { isObject ? UInt8(ascii: "}") : UInt8(ascii: "]") }
  }

  var scanner: JSONScanner
  let normalize: ((inout [UInt8]) -> Void)?
  var output: [UInt8] = []
  /// From here on the text stands for itself and has not been added yet.
  var run = 0
  /// The members of all objects that are not closed.
  var members: [Member] = []
  private var open: [Open] = []

  init(_ scanner: JSONScanner, normalize: ((inout [UInt8]) -> Void)?) {
    self.scanner = scanner
    self.normalize = normalize
    output.reserveCapacity(scanner.text.count)
  }

  /// Writes the whole text, and returns the members of the outermost object too.
  mutating func document(
    ignoring pointers: [JSONPointer]
  ) throws(JSONError) -> ([UInt8], [ComparableJSON.Member]) {
    try value(pointers.map { $0.tokens[...] })
    flush()
    try scanner.end()
    if pointers.contains(where: \.tokens.isEmpty) { return (Array("null".utf8), []) }
    return (output, members.map { .init(key: $0.start..<$0.keyEnd) })
  }

  /// Where what comes next will stand in the output.
  var place: Int { output.count + scanner.index - run }

  /// Adds what has been taken.
  mutating func flush() {
    if run < scanner.index { add(run..<scanner.index) }
    run = scanner.index
  }

  mutating func add(_ range: Range<Int>) {
    output.append(contentsOf: UnsafeBufferPointer(rebasing: scanner.text[range]))
  }

  mutating func skipSpace() {
    guard scanner.index < scanner.text.count, scanner.text[scanner.index] <= 0x20 else { return }
    flush()
    scanner.skipSpace()
    run = scanner.index
  }

  /// Writes one value with all that stands in it.
  private mutating func value(_ pointers: [ArraySlice<String>]) throws(JSONError) {
    var ignored = pointers
    while true {
      guard try begin(ignored) else {
        ignored = try beginElement(of: open.count - 1)
        continue
      }
      while let last = open.indices.last {
        guard try ends(elementOf: last) else {
          ignored = try beginElement(of: last)
          break
        }
        close()
      }
      if open.isEmpty { return }
    }
  }

  /// Writes a value that nothing stands in, or opens one; returns whether it ended.
  private mutating func begin(_ ignored: [ArraySlice<String>]) throws(JSONError) -> Bool {
    try scanner.countValue()
    skipSpace()
    switch try scanner.byte() {
    case UInt8(ascii: "{"): return try !enters(isObject: true, ignored)
    case UInt8(ascii: "["): return try !enters(isObject: false, ignored)
    case UInt8(ascii: "\""):
      if normalize == nil { _ = try string() } else { try normalizedString() }
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
    case UInt8(ascii: "t"): try scanner.literal("true")
    case UInt8(ascii: "f"): try scanner.literal("false")
    case UInt8(ascii: "n"): try scanner.literal("null")
    case let byte: throw JSONError(.unexpectedByte(byte), offset: scanner.index)
    }
    return true
  }

  /// Takes the bracket that opens, and returns whether anything stands in it; else it is closed as
  /// well.
  private mutating func enters(
    isObject: Bool, _ ignored: [ArraySlice<String>]
  ) throws(JSONError) -> Bool {
    try scanner.enter(depth: open.count)
    skipSpace()
    let new = Open(isObject: isObject, ignored: ignored, first: members.count)
    guard try scanner.byte() != new.close else {
      scanner.index += 1
      return false
    }
    open.append(new)
    return true
  }

  private mutating func number() throws(JSONError) {
    let range = try scanner.number()
    guard !ComparableNumber.isComparable(scanner.text[range]) else { return }
    if run < range.lowerBound { add(run..<range.lowerBound) }
    run = range.upperBound
    ComparableNumber.append(scanner.text[range], to: &output)
  }

  /// Takes what stands in front of the value of an element or a member, and returns what pointers
  /// say of what is inside of it.
  private mutating func beginElement(of level: Int) throws(JSONError) -> [ArraySlice<String>] {
    let ignored = open[level].ignored
    var inner: [ArraySlice<String>] = []
    if open[level].isObject {
      skipSpace()
      let member = try key()
      if !ignored.isEmpty { inner = Self.rests(of: ignored) { isKey($0, of: member) } }
      open[level].start = member.start
      open[level].isKept = inner.allSatisfy { !$0.isEmpty }
      if open[level].isKept {
        if members.count > open[level].first, precedes(member, members[members.count - 1]) {
          open[level].isSorted = false
        }
        members.append(member)
      }
      skipSpace()
      try scanner.take(UInt8(ascii: ":"))
    } else {
      let index = open[level].begun
      if !ignored.isEmpty { inner = Self.rests(of: ignored) { $0 == String(index) } }
      open[level].start = place
      open[level].isKept = inner.allSatisfy { !$0.isEmpty }
      open[level].begun += 1
    }
    return inner
  }

  /// Takes what stands behind an element or a member, and drops one that is left out.
  ///
  /// - Returns: Whether it was the last.
  /// - Throws: What else stands there.
  private mutating func ends(elementOf level: Int) throws(JSONError) -> Bool {
    skipSpace()
    guard !open[level].isKept else {
      open[level].kept += 1
      return try scanner.takesLast(before: open[level].close)
    }
    flush()
    output.removeSubrange(open[level].start...)
    let isLast = try scanner.takesLast(before: open[level].close)
    if !isLast {
      run = scanner.index
    } else if open[level].kept > 0 {
      // The comma behind the one that is now the last.
      output.removeLast()
    }
    return isLast
  }

  /// Closes what was opened last.
  private mutating func close() {
    guard let closed = open.popLast(), closed.isObject else { return }
    if !closed.isSorted { sort(from: closed.first) }
    if !open.isEmpty { members.removeSubrange(closed.first...) }
  }
}
