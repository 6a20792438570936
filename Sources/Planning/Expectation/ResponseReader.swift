internal import Cassettes

/// What a client gets out of the bytes of one answer, by the rules of HTTP/1.1. (RFC 9112)
struct ResponseReader {
  /// How the message ended for the client.
  enum Outcome: Equatable {
    case complete
    /// It did not end as its framing says it must; why, as a clause.
    case broken(String)
  }

  /// The status code; nil where no whole head came.
  private(set) var status: Int?

  /// The header fields.
  private(set) var headers: [HeaderField] = []

  /// The body, without its framing.
  private(set) var body: [UInt8] = []

  /// How the message ended.
  private(set) var outcome = Outcome.complete

  private let bytes: [UInt8]
  private var index = 0

  /// Reads the bytes of an answer to a POST.
  ///
  /// - Parameters:
  ///   - bytes: All bytes that come, from the first status line on.
  ///   - ending: What comes behind them.
  init(_ bytes: [UInt8], ending: Plan.Ending) {
    self.bytes = bytes
    let missing = read()
    switch (missing, ending) {
    case (nil, .complete): break
    case (nil, .disconnect):
      outcome = isSelfDelimited ? .complete : .broken("the connection closed")
    case (nil, .reset): outcome = .broken("the connection was reset")
    case (nil, .hang):
      outcome = isSelfDelimited ? .complete : .broken("the body never ends")
    case (let what?, .hang): outcome = .broken("nothing more comes: \(what)")
    case (let what?, .reset): outcome = .broken("the connection was reset: \(what)")
    case (let what?, _): outcome = .broken(what)
    }
  }

  private var isSelfDelimited = true

  /// Reads heads and body; returns what is missing, as a clause, or nil where nothing is.
  private mutating func read() -> String? {
    repeat {
      guard let lines = section() else { return index == 0 ? "no answer came" : "the head was cut" }
      guard let first = lines.first, let code = Self.statusCode(of: first) else {
        return "the status line is invalid"
      }
      headers = lines.dropFirst().compactMap(Self.field)
      // A head of status 1xx is not the answer yet. (RFC 9110, 15.2)
      guard (100..<200).contains(code) else {
        status = code
        break
      }
    } while true
    if headers.value(of: "transfer-encoding")?.lowercased() == "chunked" { return readChunks() }
    if let length = headers.value(of: "content-length").flatMap({ Int($0) }) {
      body = Array(bytes[index...].prefix(max(length, 0)))
      return body.count < length ? "\(length - body.count) bytes of the body did not come" : nil
    }
    body = Array(bytes[index...])
    isSelfDelimited = false
    return nil
  }

  /// The lines up to the next blank one; nil where it does not come.
  private mutating func section() -> [String]? {
    var lines: [String] = []
    while let line = line() {
      if line.isEmpty { return lines }
      lines.append(line)
    }
    return nil
  }

  private mutating func line() -> String? {
    guard let end = bytes[index...].firstIndex(of: 0x0a) else { return nil }
    let line = bytes[index..<end]
    index = end + 1
    return String(decoding: line.last == 0x0d ? line.dropLast() : line, as: UTF8.self)
  }

  /// Reads chunks up to the last one and the trailers. (RFC 9112, 7.1)
  private mutating func readChunks() -> String? {
    while true {
      guard index < bytes.count else { return "the last chunk did not come" }
      guard let line = line() else { return "a chunk-size line was cut" }
      guard let size = Int(line.prefix { $0 != ";" }, radix: 16), size >= 0 else {
        return "'\(line.prefix(20))' is not a chunk-size line"
      }
      guard size > 0 else { return section() == nil ? "the trailers were cut" : nil }
      let end = min(bytes.count - index, size)
      body += bytes[index..<(index + end)]
      index += end
      guard end == size else { return "a chunk was cut: \(size - end) bytes of it did not come" }
      guard bytes[index...].starts(with: [0x0d, 0x0a]) else {
        return "a chunk does not end with CR LF"
      }
      index += 2
    }
  }

  private static func statusCode(of line: String) -> Int? {
    let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), parts[1].utf8.count == 3 else {
      return nil
    }
    return Int(parts[1])
  }

  private static func field(_ line: String) -> HeaderField? {
    guard let colon = line.firstIndex(of: ":") else { return nil }
    let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
    return HeaderField(String(line[..<colon]), String(value))
  }
}
