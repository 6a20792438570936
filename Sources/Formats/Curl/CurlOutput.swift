internal import HTTP

/// What curl says on standard error, found among the bytes that it writes to standard output: both
/// stand in one file.
///
/// A body can hold lines that look like curl's. Within one, a line is curl's only where curl can
/// have written it: at the border of two blocks of standard output, or behind the body's last byte.
struct CurlOutput {
  /// Something that curl says.
  enum Item {
    /// A line of `-v`, without its mark and its end.
    case line(CurlConversation.Kind, ArraySlice<UInt8>, at: Int64?)
    /// How curl ended.
    case failure(CurlFailure)
    /// The progress meter, a warning, or a count of data that is not shown.
    case noise
  }

  /// The bytes of the file.
  let bytes: [UInt8]
  /// Whether lines of `-v` are among them.
  let isVerbose: Bool

  /// The blocks in which standard output is written to a file.
  static let blockBytes = 4096
  /// The characters of a progress meter, without the CR in front.
  private static let meterBytes = 78

  /// What curl says at a place, and where it ends; nil where it says nothing.
  ///
  /// - Parameters:
  ///   - place: The place, in `bytes`.
  ///   - isInBody: Whether a body is under way, in which only what is surely curl's counts.
  /// - Returns: What it says, and the place behind it.
  func item(at place: Int, isInBody: Bool) -> (item: Item, end: Int)? {
    guard place < bytes.count else { return nil }
    if bytes[place] == 0x0D { return meterEnd(at: place).map { (.noise, $0) } }
    if isInBody, !mayBegin(at: place) { return nil }
    // In a body, a line that may be curl's is looked for at many places, but curl's are short.
    let limit = isInBody ? min(bytes.count, place + Self.lineLimitBytes) : bytes.count
    let end = bytes[place..<limit].firstIndex(of: 0x0A) ?? limit
    guard end < limit || limit == bytes.count else { return nil }
    let next = min(end + 1, bytes.count)
    let whole = bytes[place..<end]
    let line = whole.last == 0x0D ? whole.dropLast() : whole
    if line.starts(with: "curl: (".utf8) {
      let words = String(decoding: line.prefix(512), as: UTF8.self)
      return CurlFailure(lastLine: words).map { (.failure($0), next) }
    }
    if !isInBody,
      Self.isMeterTitle(line) || line.starts(with: "Warning: ".utf8)
        || line.starts(with: "Note: ".utf8)
    {
      return (.noise, next)
    }
    guard isVerbose else { return nil }
    var clock = CurlClock()
    let (at, rest) = clock.take(line)
    guard let item = verbose(Self.withoutIDs(rest), at, isInBody: isInBody) else { return nil }
    return (item, next)
  }

  /// Whether nothing but curl's words stands at a place, or nothing at all.
  func isCurls(_ place: Int) -> Bool {
    place >= bytes.count || item(at: place, isInBody: true) != nil
      || Self.isMeterTitle(bytes[place...].prefix(80))
  }

  /// The longest line that counts within a body.
  private static let lineLimitBytes = 2048

  /// Whether a line of curl's may begin at a place, by its first bytes.
  private func mayBegin(at place: Int) -> Bool {
    switch bytes[place] {
    case UInt8(ascii: "c"): bytes[place...].starts(with: "curl: (".utf8)
    case UInt8(ascii: "*"), UInt8(ascii: "{"), UInt8(ascii: "}"):
      place + 1 < bytes.count && bytes[place + 1] == 0x20
    case UInt8(ascii: ">"), UInt8(ascii: "<"), UInt8(ascii: "["), 0x30...0x39: true
    default: false
    }
  }

  /// How many lines may stand behind a body.
  private static let linesBehindBody = 256

  /// Whether nothing but curl's words follows something that it says, up to the next request or the
  /// end.
  func isBehindBody(_ found: (item: Item, end: Int)) -> Bool {
    var found = found
    for _ in 0..<Self.linesBehindBody {
      if case .line(.sentHeader, _, _) = found.item { return true }
      guard found.end < bytes.count else { return true }
      guard let next = item(at: found.end, isInBody: true) else {
        return Self.isMeterTitle(bytes[found.end...].prefix(80))
      }
      found = next
    }
    return false
  }

  private func verbose(
    _ line: ArraySlice<UInt8>, _ at: Int64?, isInBody: Bool
  ) -> Item? {
    guard let mark = line.first, line.count < 2 || line.dropFirst().first == 0x20 else {
      return nil
    }
    let words = line.dropFirst(2)
    switch mark {
    case UInt8(ascii: "{"), UInt8(ascii: "}"):
      return Self.isCount(words, isCut: words.endIndex == bytes.count) ? .noise : nil
    case UInt8(ascii: "*"):
      guard isInBody else { return .line(.info, words, at: at) }
      let text = String(decoding: words.prefix(512), as: UTF8.self)
      if case .other = CurlNotice(text), !Self.isKnown(text),
        words.endIndex < bytes.count || !Self.isCutEnd(text)
      {
        return nil
      }
      return .line(.info, words, at: at)
    case UInt8(ascii: ">"):
      guard isInBody else { return .line(.sentHeader, words, at: at) }
      let isRequest = MessageHead(in: Array(words) + [0x0A, 0x0A])?.requestLine != nil
      return isRequest && words.contains("HTTP/".utf8) ? .line(.sentHeader, words, at: at) : nil
    case UInt8(ascii: "<"):
      guard isInBody else { return .line(.receivedHeader, words, at: at) }
      let name = words.prefix { $0 != UInt8(ascii: ":") }
      let isField = words.isEmpty || name.count < words.count && name.allSatisfy(\.isTokenByte)
      return isField || MessageHead.begins(in: words) ? .line(.receivedHeader, words, at: at) : nil
    default: return nil
    }
  }

  /// Whether curl says such things while a body comes.
  private static func isKnown(_ text: String) -> Bool {
    let starts = [
      "TLSv1.", "Mark bundle", "Found bundle", "Ignoring the response-body", "Leftovers after",
      "Excess found", "We are completely uploaded", "upload completely sent", "old SSL session",
      "HTTP error before end", "Connection state changed", "Host ", "Hostname ", "Please rewind",
      "Request completely sent", "abort upload", "the ioctl callback", "Added cookie",
    ]
    return starts.contains { text.hasPrefix($0) }
  }

  /// Whether words are the beginning of what curl ends with, where the file was cut in it.
  private static func isCutEnd(_ text: String) -> Bool {
    !text.isEmpty
      && ["Connection #", "Closing connection"].contains {
        $0.hasPrefix(text) || text.hasPrefix($0)
      }
  }

  /// Whether words are `[12 bytes data]`.
  ///
  /// - Parameters:
  ///   - words: The words.
  ///   - isCut: Whether the file ends behind them, so that not all of it may be there.
  /// - Returns: Whether they are.
  private static func isCount(_ words: ArraySlice<UInt8>, isCut: Bool) -> Bool {
    guard words.first == UInt8(ascii: "[") else { return false }
    let digits = words.dropFirst().prefix(while: { (0x30...0x39).contains($0) })
    let rest = words[digits.endIndex...]
    return !digits.isEmpty
      && (rest.elementsEqual(" bytes data]".utf8)
        || isCut && " bytes data]".utf8.starts(with: rest))
  }

  private static func withoutIDs(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard line.first == UInt8(ascii: "["), let close = line.prefix(48).firstIndex(of: 0x5D),
      line[line.startIndex..<close].dropFirst().allSatisfy({
        (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "x")
      })
    else { return line }
    return line[(close + 1)...].drop { $0 == 0x20 }
  }

  // MARK: The progress meter

  private static func isMeterTitle(_ line: ArraySlice<UInt8>) -> Bool {
    line.starts(with: "  % Total    % Received".utf8)
      || line.drop { $0 == 0x20 }.starts(with: "Dload  Upload".utf8)
  }

  /// Where a meter that begins at a place ends, with the line end behind the last one.
  private func meterEnd(at place: Int) -> Int? {
    let end = place + 1 + Self.meterBytes
    guard end <= bytes.count, Self.isMeter(bytes[(place + 1)..<end]) else { return nil }
    guard end < bytes.count, bytes[end] == 0x0A else { return end }
    // A body may go on with a line end of its own.
    return isCurls(end + 1) ? end + 1 : end
  }

  /// Whether bytes are twelve columns of numbers and times.
  private static func isMeter(_ bytes: ArraySlice<UInt8>) -> Bool {
    let columns = bytes.split(separator: 0x20)
    guard columns.count == 12 else { return false }
    for (number, column) in columns.enumerated() {
      let isTime = (8...10).contains(number)
      let isSound = column.allSatisfy { byte in
        (0x30...0x39).contains(byte)
          || (isTime ? byte == 0x3A || byte == 0x2D : "kMGTP.".utf8.contains(byte))
      }
      guard isSound, !isTime || column.contains(0x3A) else { return false }
    }
    return true
  }
}

extension ArraySlice<UInt8> {
  fileprivate func contains(_ text: String.UTF8View) -> Bool {
    guard let first = text.first else { return true }
    return indices.contains { self[$0] == first && self[$0...].starts(with: text) }
  }
}
