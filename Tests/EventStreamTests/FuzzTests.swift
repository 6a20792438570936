import EventStream
import TestSupport
import Testing

@Suite("Random streams")
struct FuzzTests {
  private static let fragments: [[UInt8]] =
    [
      "data", "data:", "data: ", "event:", "event: ", "id:", "id: ", "retry:", "retry: ", ":", " ",
      "\n", "\n", "\n\n", "\r", "\r\r", "\r\n", "\r\n\r\n", "x", "7", "\u{0}", "\u{FEFF}", "é", "😀",
      "\u{2028}", "\u{85}", "\t", "content_block_delta", "message", "{\"a\": 1}", "Data", "retry",
    ].map { Array($0.utf8) } + [
      [0xEF], [0xEF, 0xBB], [0xE2, 0x82], [0xF0, 0x80], [0xED, 0xA0], [0xFF],
    ]

  private static func stream(from generator: inout SeededGenerator) -> [UInt8] {
    var stream: [UInt8] = []
    for _ in 0..<Int.random(in: 0...40, using: &generator) {
      if Int.random(in: 0..<8, using: &generator) == 0 {
        stream.append(UInt8.random(in: 0...255, using: &generator))
      } else {
        stream += fragments.randomElement(using: &generator) ?? []
      }
    }
    return stream
  }

  private static func pieces(
    of stream: [UInt8], from generator: inout SeededGenerator
  ) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var start = 0
    while start < stream.count {
      let size = Int.random(in: 0...9, using: &generator)
      let end = min(start + size, stream.count)
      pieces.append(Array(stream[start..<end]))
      start = end
    }
    return pieces
  }

  @Test("the parser agrees with the plain one, in whatever pieces", arguments: 0..<16)
  func agreesWithNaive(seed: Int) {
    var generator = SeededGenerator(UInt64(seed))
    for _ in 0..<300 {
      let stream = Self.stream(from: &generator)
      let naive = NaiveParser(stream)
      let whole = Reading(pieces: [stream])
      #expect(whole.events == naive.events, "\(stream)")
      #expect(whole.dispatchOffsets == naive.dispatchOffsets, "\(stream)")
      #expect(Array(whole.lastID.utf8) == Array(naive.lastID.utf8), "\(stream)")
      #expect(whole.retry == naive.retry, "\(stream)")
      let pieces = Self.pieces(of: stream, from: &generator)
      #expect(Reading(pieces: pieces) == whole, "\(pieces)")
    }
  }

  @Test("events and what is read back from their encoding are the same", arguments: 0..<16)
  func encoderIsInverse(seed: Int) {
    var generator = SeededGenerator(UInt64(1000 + seed))
    for _ in 0..<200 {
      let stream = Self.stream(from: &generator)
      let events = EventIndex(body: stream, chunkEnds: []).events
      var encoder = EventStreamEncoder()
      let encoded = events.flatMap { encoder.encode($0) }
      #expect(Reading(pieces: [encoded]).events == events.map { SeenEvent($0) }, "\(stream)")
    }
  }

  @Test("invalid UTF-8 is found where decoding replaces it", arguments: 0..<4)
  func invalidPlaces(seed: Int) {
    var generator = SeededGenerator(UInt64(2000 + seed))
    let leads: [UInt8] = [0x41, 0x80, 0xBF, 0xC2, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5]
    for _ in 0..<1000 {
      let bytes = (0..<8).map { _ in
        Bool.random(using: &generator)
          ? leads.randomElement(using: &generator) ?? 0
          : UInt8.random(in: 0x80...0xBF, using: &generator)
      }
      let oddities = EventStreamOddities(body: bytes)
      let replaced = NaiveParser.decode(bytes).unicodeScalars.filter { $0 == "\u{FFFD}" }.count
      let written = bytes.indices.dropLast(2).filter {
        Array(bytes[$0..<$0 + 3]) == [0xEF, 0xBF, 0xBD]
      }
      #expect(oddities.counts[.invalidUTF8, default: 0] == replaced - written.count, "\(bytes)")
      #expect(
        Array(String(decoding: bytes, as: UTF8.self).utf8) == Array(NaiveParser.decode(bytes).utf8),
        "\(bytes)")
    }
  }
}
