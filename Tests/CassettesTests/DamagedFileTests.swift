import TestSupport
import Testing

@testable import Cassettes

@Suite struct DamagedFileTests {
  static let exchanges: [Exchange] = {
    var generator = SeededGenerator(11)
    return [Samples.example, Samples.full] + (0..<6).map { _ in Samples.random(&generator) }
  }()

  static func strict(_ bytes: [UInt8]) throws -> [Exchange] {
    var reader = try CassetteReader(bytes: bytes)
    return try reader.rest()
  }

  @Test(
    "a file that is cut anywhere is refused, and what is recovered is a beginning of what it held")
  func everyCut() throws {
    let whole = try CassetteWriter.cassette(of: Self.exchanges)
    var ends = [try CassetteWriter.header().count]
    for exchange in Self.exchanges {
      ends.append(ends[ends.count - 1] + (try CassetteWriter.member(for: exchange)).count)
    }
    for cut in 0..<whole.count {
      let bytes = Array(whole[..<cut])
      if let members = ends.firstIndex(of: cut) {
        #expect(try Self.strict(bytes) == Array(Self.exchanges[..<members]))
        continue
      }
      let error = try #require(throws: CassetteError.self) { try Self.strict(bytes) }
      #expect(cut == 0 || error.reason.contains("run 'tapedeck check --repair FILE'"))
      let wholeMembers = ends.count { $0 <= cut } - 1
      #expect(cut == 0 || error.byte == (wholeMembers < 0 ? 0 : ends[wholeMembers]))

      var reader = try CassetteReader(bytes: bytes, recovering: true)
      let recovered = try reader.rest()
      let isDamaged = reader.damage != nil
      #expect(isDamaged)
      let kept = max(wholeMembers, 0)
      #expect(recovered.count >= kept && recovered.count <= kept + 1)
      #expect(Array(recovered.prefix(kept)) == Array(Self.exchanges.prefix(kept)))
      if recovered.count > kept { #expect(recovered[kept].isBeginning(of: Self.exchanges[kept])) }
    }
  }

  @Test("a bit that flips is noticed, or makes no difference")
  func everyFlippedBit() throws {
    let whole = try CassetteWriter.cassette(of: Array(Self.exchanges.prefix(2)))
    for bit in 0..<(whole.count * 8) {
      var bytes = whole
      bytes[bit / 8] ^= 1 << (bit % 8)
      if let read = try? Self.strict(bytes) { #expect(read == Array(Self.exchanges.prefix(2))) }
      if var reader = try? CassetteReader(bytes: bytes, recovering: true) { _ = try reader.rest() }
    }
  }

  @Test(
    "anything that is no member behind the last one is refused",
    arguments: [[0], [0x1f], [0x1f, 0x8b], [0x0a], Array("[0,\"q\"".utf8)] as [[UInt8]])
  func trailingBytes(noise: [UInt8]) throws {
    let whole = try CassetteWriter.cassette(of: [Samples.example])
    let error = try #require(throws: CassetteError.self) { try Self.strict(whole + noise) }
    #expect(error.byte == whole.count)
    var reader = try CassetteReader(bytes: whole + noise, recovering: true)
    #expect(try reader.rest() == [Samples.example])
    let (damage, end) = (reader.damage, reader.whole)
    #expect(damage?.byte == whole.count)
    #expect(end == CassetteReader.Boundary(byte: whole.count, exchanges: 1))
  }

  @Test(
    "a recovering reader of a plain file stops at the line that is broken and says what is left")
  func brokenPlainLine() throws {
    let text = CassetteReaderTests.header + Samples.exampleLines + "[0,\"q\",{\"meth\nmore"
    var reader = try CassetteReader(bytes: Array(text.utf8), recovering: true)
    #expect(try reader.rest() == [Samples.example])
    let found = reader.damage
    let damage = try #require(found)
    #expect(damage.line == 7)
    #expect(String(decoding: damage.rest, as: UTF8.self).hasPrefix("[0,\"q\",{\"meth"))
    #expect(damage.byte == CassetteReaderTests.header.utf8.count + Samples.exampleLines.utf8.count)
  }

  @Test("a recovering reader still refuses what is no cassette or needs a newer version")
  func recoveryRefuses() {
    for text in ["noise", #"{"tapedeck":2}"#] {
      #expect(throws: CassetteError.self) {
        _ = try CassetteReader(bytes: Array(text.utf8), recovering: true)
      }
    }
  }

  @Test(
    "an exchange that ends before the cut is whole; only one that does not reads as interrupted")
  func endBeforeCut() throws {
    let member = try CassetteWriter.member(for: Samples.example)
    let bytes = try CassetteWriter.header() + member.dropLast(4)
    var reader = try CassetteReader(bytes: bytes, recovering: true)
    #expect(try reader.rest() == [Samples.example])
    let isDamaged = reader.damage != nil
    #expect(isDamaged)
  }

  @Test("what is missing, unreadable or no regular file is no input")
  func noInput() throws {
    for path in ["/nonexistent/x.tape", "/", "/dev/null"] {
      let error = try #require(throws: CassetteError.self) {
        try CassetteReader.readAll(path: path)
      }
      #expect(error.kind == .noInput)
      #expect(error.path == path)
    }
  }
}
