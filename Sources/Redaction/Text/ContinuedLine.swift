/// Where JSON goes on behind the end of a line.
///
/// It does in a text that is indented, and in an event whose data takes several lines, each behind
/// the name of its field. (WHATWG HTML, 9.2.6)
enum ContinuedLine {
  enum Start {
    /// An empty line follows: what stood before is over.
    case none
    /// Nobody can tell before more has come.
    case undecided
    /// The line has its first byte there, which is no blank.
    case at(Int)
  }

  /// The most bytes of indentation.
  private static let indentBytes = 1024
  private static let field = Array("data:".utf8)

  /// Where the line behind a line end begins.
  ///
  /// - Parameters:
  ///   - place: The CR or LF.
  ///   - bytes: The text so far.
  ///   - limit: Where to stop looking.
  ///   - isFinal: Whether nothing more will come.
  /// - Returns: The place of its first byte that is no blank.
  static func start(
    behind place: Int, in bytes: [UInt8], upTo limit: Int = .max, isFinal: Bool
  ) -> Start {
    let end = min(bytes.count, limit, place + indentBytes)
    let unknown = isFinal || end < bytes.count ? Start.none : .undecided
    var next = place + 1
    if bytes[place] == 0x0D {
      guard next < end else { return unknown }
      if bytes[next] == 0x0A { next += 1 }
    }
    let name = bytes[min(next, end)..<min(next + field.count, end)]
    if name.elementsEqual(field) {
      next += field.count
    } else if field.starts(with: name) {
      return unknown
    }
    while next < end, bytes[next] == 0x20 || bytes[next] == 0x09 { next += 1 }
    guard next < end else { return unknown }
    return bytes[next] == 0x0A || bytes[next] == 0x0D ? .none : .at(next)
  }
}
