package import Cassettes
internal import LosslessJSON
internal import Planning

/// The text of one stream as it came, as a recording of a terminal: asciicast v2, which players of
/// every version take.
package struct AsciicastExport: ExportFormat {
  package let name = "asciicast"
  package let title = "asciicast v2, the text as it came, for asciinema's players"
  package let fileExtension = "cast"
  package let holdsOne = true

  /// Creates the format.
  package init() {}

  package func refusal(of exchange: Exchange) -> String? {
    exchange.head == nil ? "no answer came, so there is no text" : nil
  }

  package func makeWriter(_ options: ExportOptions) -> any ExportWriter {
    Writer(options: options)
  }

  private struct Writer: ExportWriter {
    let options: ExportOptions
    /// The last byte that was written, so that a lone LF can be told from the end of CR LF.
    private var last: UInt8 = 0

    init(options: ExportOptions) { self.options = options }

    mutating func write(_ exchange: Exchange, number: Int, to sink: ByteSink) throws {
      try sink(header(of: exchange))
      for (at, text) in Self.pieces(of: exchange) where !text.isEmpty {
        try sink(Self.line(at, "o", shown(text)))
      }
      let end = exchange.ending.at
      if exchange.ending.how != .complete {
        try sink(Self.line(end, "m", Array(exchange.ending.how.rawValue.utf8)))
      }
      // The recording lasts as long as the stream did.
      try sink(Self.line(end, "o", Array("\r\n".utf8)))
    }

    func finish(to sink: ByteSink) throws {}

    private func header(of exchange: Exchange) -> [UInt8] {
      var members: [JSONValue.Member] = [
        .init("version", .number(2)), .init("width", .number(80)), .init("height", .number(24)),
      ]
      if let at = Timestamp.microseconds(rfc3339: exchange.request.at), at > 0 {
        members.append(.init("timestamp", .number(at / 1_000_000)))
      }
      if let limit = options.idleTimeLimit {
        members.append(
          .init("idle_time_limit", .number(ExportedText.decimal(limit.count, digits: 6))))
      }
      members.append(.init("title", text: options.name))
      return JSONValue.object(members).bytes + [0x0A]
    }

    /// The text that the model wrote, with the times of the chunks that completed it; of a body
    /// that brings no such text its own.
    private static func pieces(of exchange: Exchange) -> [(Microseconds, [UInt8])] {
      var reader = TextReader(of: exchange)
      var pieces: [(Microseconds, [UInt8])] = []
      for index in exchange.chunks.indices {
        pieces.append((exchange.chunks[index].at, reader.text(of: exchange.bytes(ofChunk: index))))
      }
      pieces.append((exchange.ending.at, reader.rest))
      guard pieces.allSatisfy(\.1.isEmpty) else { return pieces }
      var open: [UInt8] = []
      return exchange.chunks.indices.map { index in
        let bytes = open + exchange.bytes(ofChunk: index)
        let isLast = index == exchange.chunks.count - 1
        let whole = isLast ? bytes.count : wholeLength(of: bytes)
        open = Array(bytes[whole...])
        return (exchange.chunks[index].at, Array(bytes[..<whole]))
      }
    }

    /// The length of some bytes without a character at their end that is not whole.
    private static func wholeLength(of bytes: [UInt8]) -> Int {
      guard let lead = bytes.suffix(3).lastIndex(where: { $0 >= 0xC0 }) else { return bytes.count }
      let wanted = bytes[lead] >= 0xF0 ? 4 : bytes[lead] >= 0xE0 ? 3 : 2
      return bytes.count - lead < wanted ? lead : bytes.count
    }

    /// A text as a terminal shows it: lines begin at its left, and what would steer it is shown as
    /// the picture of a control character.
    private mutating func shown(_ text: [UInt8]) -> [UInt8] {
      var shown: [UInt8] = []
      for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
        switch scalar.value {
        case 0x0A: shown += last == 0x0D ? [0x0A] : [0x0D, 0x0A]
        case 0x09, 0x0D: shown.append(UInt8(truncatingIfNeeded: scalar.value))
        case 0x00..<0x20: shown += [0xE2, 0x90, 0x80 | UInt8(truncatingIfNeeded: scalar.value)]
        case 0x7F: shown += "\u{2421}".utf8
        case 0x80..<0xA0: shown += "\u{FFFD}".utf8
        default: shown += UTF8.encode(scalar).map(Array.init) ?? []
        }
        last = shown.last ?? 0
      }
      return shown
    }

    private static func line(_ at: Microseconds, _ code: String, _ text: [UInt8]) -> [UInt8] {
      JSONValue.array([
        .number(ExportedText.decimal(at.count, digits: 6)), .string(code), .string(text),
      ]).bytes + [0x0A]
    }
  }
}
