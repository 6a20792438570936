/// The lines of one event's block, as bytes, each with its own terminator. (WHATWG HTML, 9.2.6)
struct EventBlock {
  /// One line.
  struct Line: Equatable {
    /// The bytes before the terminator.
    var text: [UInt8]

    /// LF, CR, CR LF, or nothing at the end of a body.
    var terminator: [UInt8]
  }

  /// The byte order mark that the body begins with, which is no part of its first line.
  private let mark: ArraySlice<UInt8>

  /// The lines, in order; an event's last one is blank.
  var lines: [Line]

  /// Reads the lines of a block.
  ///
  /// - Parameters:
  ///   - bytes: The block.
  ///   - isFirst: Whether the body begins with it: anywhere else a byte order mark is text.
  init(_ bytes: [UInt8], isFirst: Bool = false) {
    let hasMark = isFirst && bytes.starts(with: [0xef, 0xbb, 0xbf])
    mark = bytes.prefix(hasMark ? 3 : 0)
    lines = []
    var start = mark.count
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      guard byte == 0x0a || byte == 0x0d else {
        index += 1
        continue
      }
      let isPair = byte == 0x0d && index + 1 < bytes.count && bytes[index + 1] == 0x0a
      let end = index + (isPair ? 2 : 1)
      lines.append(Line(text: Array(bytes[start..<index]), terminator: Array(bytes[index..<end])))
      (start, index) = (end, end)
    }
    if start < bytes.count { lines.append(Line(text: Array(bytes[start...]), terminator: [])) }
  }

  /// The bytes of a block with others in front of it, but behind a byte order mark, which is one
  /// only as the first character of all. (WHATWG HTML, 9.2.6)
  ///
  /// - Parameters:
  ///   - block: The block.
  ///   - front: What comes in front of it.
  ///   - isFirst: Whether the block is the first of the body.
  /// - Returns: All of it.
  static func bytes(_ block: [UInt8], behind front: [UInt8], isFirst: Bool) -> [UInt8] {
    let mark = EventBlock([UInt8](block.prefix(3)), isFirst: isFirst).mark
    return mark + front + block.dropFirst(mark.count)
  }

  /// The block as bytes.
  var bytes: [UInt8] { mark + lines.flatMap { $0.text + $0.terminator } }

  /// The data of the event, as its bytes: the values of the data lines, joined by LF.
  var data: [UInt8] {
    Array(dataLines.map { Self.value(of: lines[$0].text) }.joined(separator: [0x0a]))
  }

  /// Puts other data in place of the event's, which has as many lines or fewer.
  ///
  /// Each line keeps what is not data, so that nothing else changes; lines that are not needed any
  /// more are left out. Data that is empty leaves `data: `.
  mutating func replaceData(with data: [UInt8]) {
    let old = dataLines
    let new = data.split(separator: 0x0a, omittingEmptySubsequences: false)
    for (index, value) in zip(old, new) {
      let line = lines[index].text
      let oldValue = Self.value(of: line)
      guard data.isEmpty || !value.elementsEqual(oldValue) else { continue }
      var prefix = Array(line.dropLast(oldValue.count))
      if !prefix.contains(UInt8(ascii: ":")) { prefix += Array(": ".utf8) }
      if data.isEmpty, prefix.last != UInt8(ascii: " ") { prefix.append(UInt8(ascii: " ")) }
      lines[index].text = prefix + value
    }
    for index in old.dropFirst(new.count).reversed() { lines.remove(at: index) }
  }

  /// The indices of the lines of the field `data`.
  var dataLines: [Int] {
    lines.indices.filter { Self.name(of: lines[$0].text).elementsEqual("data".utf8) }
  }

  /// The name of a field: what stands before the first colon, or all of it.
  static func name(of line: [UInt8]) -> ArraySlice<UInt8> {
    line.prefix { $0 != UInt8(ascii: ":") }
  }

  /// The value of a field: what stands behind the colon and one space.
  static func value(of line: [UInt8]) -> [UInt8] {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return [] }
    let value = line[(colon + 1)...]
    return Array(value.first == UInt8(ascii: " ") ? value.dropFirst() : value)
  }
}
