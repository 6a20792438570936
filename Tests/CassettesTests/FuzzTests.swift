import LosslessJSON
import TestSupport
import Testing
import Units

@testable import Cassettes

@Suite struct FuzzTests {
  /// Changes bytes as accidents and enemies would.
  static func mutate(_ bytes: [UInt8], using seed: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &seed) {
      guard !bytes.isEmpty else { return bytes }
      let place = Int.random(in: 0..<bytes.count, using: &seed)
      let other = Int.random(in: 0..<bytes.count, using: &seed)
      let range = min(place, other)..<max(place, other)
      let tokens = [
        "99999999999999999999", "-1", "1e9", String(repeating: "[", count: 90), "{}", "\"\\ud800\"",
        "null", "\n", "\u{0}", "]", "[0,\"q\",{\"method\":\"A\",\"path\":\"/\"}]\n",
      ]
      switch Int.random(in: 0..<6, using: &seed) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &seed)
      case 1: bytes.removeSubrange(place...)
      case 2: bytes.removeSubrange(range)
      case 3: bytes.insert(contentsOf: bytes[range], at: place)
      case 4:
        bytes.insert(
          contentsOf: tokens[Int.random(in: 0..<tokens.count, using: &seed)].utf8, at: place)
      default:
        let lines = bytes.split(separator: 0x0a)
        guard lines.count > 1 else { break }
        bytes.insert(
          contentsOf: lines[Int.random(in: 0..<lines.count, using: &seed)] + [0x0a], at: place)
      }
    }
    return bytes
  }

  @Test(
    "a broken cassette is read or refused, never trapped on, and what is read is rewritten equal")
  func mutatedCassettes() throws {
    var seed = SeededGenerator(2026)
    let limits = CassetteLimits(
      inflatedBytes: 1 << 20, lineBytes: 1 << 16, exchanges: 50, nesting: 32)
    let exchanges = [Samples.full, Samples.example, Samples.random(&seed), Samples.random(&seed)]
    let plain =
      Array(CassetteReaderTests.header.utf8)
      + exchanges.flatMap { (try? CassetteWriter.lines(for: $0)) ?? [] }
    let gzip = try CassetteWriter.cassette(of: exchanges)
    var read = 0
    for round in 0..<4_000 {
      var bytes = Self.mutate(round % 3 == 0 ? gzip : plain, using: &seed)
      if round % 3 == 1 { bytes = try Deflater.member(of: bytes, level: 1) }
      for isRecovering in [false, true] {
        var found: [Exchange] = []
        do throws(CassetteError) {
          var reader = try CassetteReader(bytes: bytes, limits: limits, recovering: isRecovering)
          while let exchange = try reader.next() { found.append(exchange) }
        } catch {
          #expect(error.kind == .badData)
        }
        let again = try CassetteWriter.cassette(of: found)
        var reader = try CassetteReader(bytes: again)
        #expect(try reader.rest() == found)
        read += found.count
      }
    }
    #expect(read > 4_000)
  }

  @Test("the reader by hand takes only lines that the JSON parser takes, with the same values")
  func differential() throws {
    var seed = SeededGenerator(7)
    var taken = 0
    for round in 0..<10_000 {
      let exchange = round % 2 == 0 ? Samples.full : Samples.example
      let lines = try CassetteWriter.lines(for: exchange).split(separator: 0x0a).filter {
        $0.contains(0x64) && $0.count < 80
      }
      let line = Array(lines[Int.random(in: 0..<lines.count, using: &seed)])
      let bytes = round % 10 == 0 ? line : Self.mutate(line, using: &seed)
      var body: [UInt8] = [1, 2]
      let interval = bytes.withUnsafeBufferPointer { ChunkLine.read($0, into: &body) }
      let generic = Self.generic(bytes)
      guard let interval else {
        #expect(body == [1, 2])
        continue
      }
      taken += 1
      #expect(generic?.0 == interval)
      #expect(generic?.1 == Array(body.dropFirst(2)), "\(String(decoding: bytes, as: UTF8.self))")
    }
    #expect(taken > 1_000)
  }

  @Test("the reader by hand takes every canonical line of a chunk")
  func takesCanonicalLines() throws {
    var seed = SeededGenerator(9)
    for _ in 0..<2_000 {
      let chunk = (0..<Int.random(in: 0...60, using: &seed))
        .map { _ -> UInt8 in
          [0x22, 0x5c, 0x0a, 0x01, 0x61, 0x62, 0x63, 0xc3, 0xa9].randomElement(using: &seed) ?? 0
        }
      var encoder = LineEncoder()
      chunk.withUnsafeBufferPointer { encoder.chunk($0, at: Samples.time(1_234_567)) }
      var body: [UInt8] = []
      let interval = encoder.bytes.dropLast().withUnsafeBufferPointer {
        ChunkLine.read($0, into: &body)
      }
      #expect(interval == 1_234_567)
      #expect(body == chunk)
    }
  }

  /// What the JSON parser makes of the line of a chunk.
  static func generic(_ line: [UInt8]) -> (Int64, [UInt8])? {
    guard case .array(let parts) = try? JSONValue(parsing: line), parts.count == 3,
      case .number(let digits) = parts[0], let interval = Int64(digits),
      case .string(let code) = parts[1], case .string(let text) = parts[2]
    else { return nil }
    if code == [0x62] { return Base64.decode(text).map { (interval, $0) } }
    return code == [0x64] && UTF8Check.isValid(text) ? (interval, text) : nil
  }
}
