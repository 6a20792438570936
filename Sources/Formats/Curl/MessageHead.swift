internal import HTTP

/// The start line and the fields of a message, whose lines end with LF or CR LF.
struct MessageHead {
  /// The first line, without its end.
  let startLine: ArraySlice<UInt8>
  /// The fields, in order.
  let fields: [HeaderField]
  /// Where the body begins: behind the blank line.
  let end: Int

  /// Reads a head at the beginning of some bytes, or is nil where no blank line ends it.
  init?(in bytes: ArraySlice<UInt8>) {
    var section = HeaderSection()
    var first: ArraySlice<UInt8>?
    var start = bytes.startIndex
    while let end = bytes[start...].firstIndex(of: 0x0A) {
      let line = bytes[start..<end]
      let content = line.last == 0x0D ? line.dropLast() : line
      start = end + 1
      if content.isEmpty {
        guard let first else { return nil }
        startLine = first
        fields = section.fields
        self.end = start
        return
      }
      // curl does not show the blank line of an interim head, so that the next one follows at once.
      if first == nil || Self.begins(in: content) {
        first = content
        section = HeaderSection()
      } else if !section.add(content) {
        return nil
      }
    }
    return nil
  }

  /// The start line as that of an answer, or nil.
  var statusLine: StatusLine? { StatusLine(startLine) }

  /// The start line as that of a request, or nil. (RFC 9112, 3)
  var requestLine: (method: String, target: String)? {
    let words = startLine.split(separator: UInt8(ascii: " "))
    guard words.count >= 2, words.count < 4 else { return nil }
    let method = Latin1.string(of: words[0])
    guard method.isToken else { return nil }
    if words.count == 3, !words[2].starts(with: "HTTP/".utf8) { return nil }
    return (method, Latin1.string(of: words[1]))
  }

  /// Whether bytes begin with a status line.
  static func begins(in bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.starts(with: "HTTP/".utf8) else { return false }
    let line = bytes.prefix(256).prefix { $0 != 0x0A }
    guard let status = StatusLine(line) else { return false }
    return ["1.0", "1.1", "2", "2.0", "3"].contains(status.version)
      && (100...999).contains(status.status)
  }
}
