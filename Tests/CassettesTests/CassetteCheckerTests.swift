import HTTP
import TestSupport
import Testing

@testable import Cassettes

@Suite struct CassetteCheckerTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  func recovered(_ path: String) throws -> [Exchange] {
    var reader = try CassetteReader(path: path, recovering: true)
    return try reader.rest()
  }

  static func ids(_ exchanges: [Exchange]) -> [String] { exchanges.map(\.request.id) }

  @Test("a good cassette has no findings, and a repair leaves it alone")
  func good() throws {
    var exchange = Samples.example
    (exchange.body, exchange.chunks) = ([], [])
    exchange.append(chunk: "data: x\n\n".utf8, at: Samples.time(412_345))
    try CassetteFile.create(directory("a.tape"), exchanges: [exchange])
    let report = try CassetteChecker.check(path: directory("a.tape"))
    #expect(report == CheckReport(path: directory("a.tape"), exchanges: 1))
    #expect(report.isGood)
    let before = try directory.bytes(of: "a.tape")
    #expect(
      try CassetteChecker.repair(path: directory("a.tape"))
        == RepairReport(path: directory("a.tape")))
    #expect(try directory.bytes(of: "a.tape") == before)
    #expect(directory.names == ["a.tape"])
  }

  @Test("endings, secrets and oddities are named with their exchange")
  func findings() throws {
    var leaking = CassetteFileTests.exchange("1")
    leaking.request.headers.append(HeaderField("Authorization", "Bearer abcdefgh12345678"))
    var left = CassetteFileTests.exchange("2")
    left.ending = Ending(how: .cancelled, at: left.ending.at)
    try CassetteFile.create(directory("a.tape"), exchanges: [leaking, left])
    let report = try CassetteChecker.check(path: directory("a.tape"))
    #expect(report.findings.contains { $0.kind == .secret && $0.exchange == 1 })
    #expect(report.findings.contains { $0.kind == .ending && $0.exchange == 2 })
    #expect(report.findings.contains { $0.kind == .grammar && $0.exchange == 1 })
    #expect(!report.isGood)
    #expect(!CheckFinding(.grammar, "").isFailure)
  }

  @Test("a length that is not the body's is a notice where the body is whole and as it was sent")
  func misstatedLength() {
    var exchange = CassetteFileTests.exchange("1")
    exchange.head = ResponseHead(status: 200, framing: .length(3))
    let length = Int64(exchange.body.count)
    #expect(length != 3)
    let found = CassetteChecker.findings(in: exchange, number: 1)
    #expect(found.map(\.kind) == [.grammar])
    #expect(found.first?.text.contains("declares 3 bytes of body and has \(length)") == true)
    let changes: [(inout Exchange) -> Void] = [
      { $0.head?.framing = .length(length) }, { $0.head?.framing = .eof },
      { $0.head?.decoded = "gzip" }, { $0.ending.how = .truncated },
      { $0.request.method = "HEAD" }, { $0.head?.status = 304 },
    ]
    for (number, change) in changes.enumerated() {
      var changed = exchange
      change(&changed)
      #expect(CassetteChecker.findings(in: changed, number: 1).isEmpty, "change \(number)")
    }
  }

  @Test("a file that is cut is a finding; the repair keeps what is whole and the original")
  func truncated() throws {
    let exchanges = ["1", "2"].map(CassetteFileTests.exchange)
    let whole = try CassetteWriter.cassette(of: exchanges)
    let first = try CassetteWriter.cassette(of: [exchanges[0]])
    let cut = Array(whole.dropLast(30))
    try directory.write(cut, to: "a.tape")
    let damage = try #require(try CassetteChecker.check(path: directory("a.tape")).findings.first)
    #expect(damage.kind == .damage)
    #expect(damage.text.contains("byte \(first.count)"))
    #expect(damage.text.contains("--repair"))

    let report = try CassetteChecker.repair(path: directory("a.tape"))
    #expect(report.original == FileSystem.resolved(directory.path) + "/a.tape.orig")
    #expect(try directory.bytes(of: "a.tape.orig") == cut)
    #expect(try directory.bytes(of: "a.tape").starts(with: first))
    let found = try directory.exchanges(of: "a.tape")
    #expect(found.first == exchanges[0])
    #expect(found.dropFirst().allSatisfy { $0.isBeginning(of: exchanges[1]) })
    #expect(Self.ids(found) == ["1", "2"])
    #expect(try CassetteChecker.repair(path: directory("a.tape")).original == nil)
  }

  @Test(
    "each member that is broken is skipped, and all others stay byte for byte", arguments: 0..<4)
  func brokenMember(broken: Int) throws {
    let exchanges = ["1", "2", "3"].map(CassetteFileTests.exchange)
    let members =
      try [CassetteWriter.header()] + exchanges.map { try CassetteWriter.member(for: $0) }
    var damaged = members
    damaged[broken][damaged[broken].count - 6] ^= 0x40
    try directory.write(damaged.flatMap { $0 }, to: "a.tape")
    let report = try CassetteChecker.repair(path: directory("a.tape"))
    let kept = members.indices.filter { $0 == 0 || $0 != broken }.flatMap { members[$0] }
    #expect(try directory.bytes(of: "a.tape") == kept)
    #expect(try directory.bytes(of: "a.tape.lost") == damaged[broken])
    #expect(report.lostBytes == members[broken].count)
    #expect(try directory.bytes(of: "a.tape.orig") == damaged.flatMap { $0 })
  }

  @Test("a member of a code that is not known stays byte for byte where a repair rewrites the file")
  func unknownMember() throws {
    let later = try Deflater.member(of: Array(#"[3,"zz",{"later":1}]"#.utf8) + [0x0a])
    let whole = try CassetteWriter.header() + later + CassetteWriter.member(for: Samples.example)
    try directory.write(whole + later + Array("noise".utf8), to: "a.tape")
    _ = try CassetteChecker.repair(path: directory("a.tape"))
    #expect(try directory.bytes(of: "a.tape") == whole + later)
    #expect(try directory.exchanges(of: "a.tape") == [Samples.example])
  }

  @Test("noise behind the last member is cut off, and the second original gets a number")
  func noise() throws {
    let whole = try CassetteWriter.cassette(of: [Samples.example])
    for (round, name) in ["a.tape.orig", "a.tape.orig.2"].enumerated() {
      try directory.write(whole + Array("noise \(round)".utf8), to: "a.tape")
      _ = try CassetteChecker.repair(path: directory("a.tape"))
      #expect(try directory.bytes(of: "a.tape") == whole)
      #expect(try directory.bytes(of: name) == whole + Array("noise \(round)".utf8))
    }
    #expect(try directory.text(of: "a.tape.lost") == "noise 0noise 1")
  }

  @Test(
    "a broken line of a plain cassette is taken out, with what follows it up to the next request")
  func plain() throws {
    let one = Samples.exampleLines
    let broken = one.replacing("[152,", with: "[-152,")
    try directory.write(CassetteReaderTests.header + one + broken + one, to: "a.tape")
    #expect(
      try CassetteChecker.check(path: directory("a.tape")).findings.first?.text.contains("line 9")
        == true)
    _ = try CassetteChecker.repair(path: directory("a.tape"))
    let found = try directory.exchanges(of: "a.tape")
    #expect(found.map(\.ending.how) == [.complete, .interrupted, .complete])
    #expect(found[1].head == Samples.example.head)
    #expect(try directory.text(of: "a.tape.lost").hasPrefix("[-152,"))
  }

  @Test("an empty file becomes an empty cassette; what is no cassette stays as it is")
  func emptyAndForeign() throws {
    try directory.write("", to: "a.tape")
    #expect(try CassetteChecker.check(path: directory("a.tape")).isGood == false)
    _ = try CassetteChecker.repair(path: directory("a.tape"))
    #expect(try directory.exchanges(of: "a.tape").isEmpty)
    try directory.write("hello", to: "b.tape")
    #expect(try CassetteChecker.check(path: directory("b.tape")).isGood == false)
    #expect(throws: CassetteError.self) { try CassetteChecker.repair(path: directory("b.tape")) }
    #expect(try directory.text(of: "b.tape") == "hello")
  }

  @Test("a recording whose recorder died is named, and a repair adds it", arguments: [false, true])
  func orphan(isThere: Bool) throws {
    if isThere { try CassetteFile.add(CassetteFileTests.exchange("1"), to: directory("a.tape")) }
    let path: String
    do {
      let spool = try Spool(target: directory("a.tape"), request: SpoolTests.request)
      path = spool.path
      try spool.head(SpoolTests.head)
      try spool.chunk(Array("data: x\n\n".utf8), at: Samples.time(9_000))
      #expect(try CassetteChecker.repair(path: directory("a.tape")).adopted.isEmpty)
    }
    let report = try CassetteChecker.check(path: directory("a.tape"))
    #expect(report.findings.contains { $0.kind == .orphan && $0.text.contains(path) })
    #expect(try CassetteChecker.repair(path: directory("a.tape")).adopted == [path])
    #expect(directory.names == ["a.tape"])
    let last = try #require(try directory.exchanges(of: "a.tape").last)
    #expect(last.ending == Ending(how: .interrupted, at: Samples.time(9_000)))
    #expect(last.body == Array("data: x\n\n".utf8))
  }

  @Test("a recording that had reached the cassette before its recorder died is not added again")
  func orphanAdded() throws {
    let exchange = CassetteFileTests.exchange("1")
    try CassetteFile.add(exchange, to: directory("a.tape"))
    try directory.write(CassetteWriter.cassette(of: [exchange]), to: "a.tape.99-1.part")
    try directory.write("not a spool", to: "a.tape.x.part")
    try directory.write("a draft", to: "a.tape.99-2.new")
    let report = try CassetteChecker.repair(path: directory("a.tape"))
    #expect(report.adopted.isEmpty)
    #expect(try directory.exchanges(of: "a.tape") == [exchange])
    #expect(directory.names == ["a.tape", "a.tape.x.part"])
  }

  @Test(
    "an exchange that the cassette has is not added again from a spool that has a part of it",
    arguments: [true, false])
  func orphanOfKnownExchange(isWholeThere: Bool) throws {
    let spool = try Spool(target: directory("a.tape"), request: SpoolTests.request)
    try spool.head(SpoolTests.head)
    try spool.chunk(Array("data: x\n\n".utf8), at: Samples.time(9_000))
    try spool.flush()
    let copy = try recovered(spool.path)
    try spool.chunk(Array("data: y\n\n".utf8), at: Samples.time(10_000))
    let whole = try spool.end(Ending(how: .complete, at: Samples.time(11_000)))
    let (there, orphan) = isWholeThere ? (whole, copy[0]) : (copy[0], whole)
    try directory.write(CassetteWriter.cassette(of: [there]), to: "a.tape")
    try directory.write(CassetteWriter.cassette(of: [orphan]), to: "a.tape.99-1.part")
    let report = try CassetteChecker.repair(path: directory("a.tape"))
    #expect(try directory.exchanges(of: "a.tape") == [there])
    #expect(report.adopted.isEmpty)
    #expect(report.superfluous == [directory("a.tape.99-1.part")])
    if isWholeThere {
      #expect(directory.names == ["a.tape"])
    } else {
      #expect(directory.names == ["a.tape", "a.tape.lost"])
      #expect(try directory.bytes(of: "a.tape.lost") == CassetteWriter.lines(for: whole))
      #expect(report.lostBytes == (try CassetteWriter.lines(for: whole)).count)
    }
  }

  @Test("a copy of a spool, cut anywhere, leaves nothing when its exchange is in the cassette")
  func copiedSpool() throws {
    let spool = try Spool(target: directory("a.tape"), request: SpoolTests.request)
    let requestEnd = try directory.bytes(of: directory.names[0]).count
    try spool.head(SpoolTests.head)
    for round in 0..<9 {
      try spool.chunk(Array("data: \(round)\n\n".utf8), at: Samples.time(Int64(round) * 200_000))
    }
    try spool.flush()
    let copy = try directory.bytes(of: directory.names[0])
    let whole = try spool.end(Ending(how: .complete, at: Samples.time(9_000_000)))
    for end in stride(from: requestEnd, through: copy.count, by: 3) {
      try directory.write(Array(copy[..<end]), to: "a.tape.99-1.part")
      let report = try CassetteChecker.repair(path: directory("a.tape"))
      #expect(report.superfluous.count == 1)
      #expect(try directory.exchanges(of: "a.tape") == [whole])
      #expect(directory.names == ["a.tape"])
    }
  }

  @Test("an exchange of the same identity that was made at another time is another one")
  func orphanOfOtherTime() throws {
    try CassetteFile.add(CassetteFileTests.exchange("1"), to: directory("a.tape"))
    var other = CassetteFileTests.exchange("1")
    other.request.at = "2026-11-23T11:00:00.123456Z"
    try directory.write(CassetteWriter.cassette(of: [other]), to: "a.tape.99-1.part")
    #expect(try CassetteChecker.repair(path: directory("a.tape")).adopted.count == 1)
    #expect(try directory.exchanges(of: "a.tape").count == 2)
  }

  @Test("nothing at all is no input, for the check and for the repair")
  func noInput() throws {
    let check = try #require(throws: CassetteError.self) {
      try CassetteChecker.check(path: directory("a.tape"))
    }
    let repair = try #require(throws: CassetteError.self) {
      try CassetteChecker.repair(path: directory("a.tape"))
    }
    #expect([check.kind, repair.kind] == [.noInput, .noInput])
  }

  @Test("any file can be repaired or is refused, and what was repaired is whole")
  func fuzz() throws {
    var seed = SeededGenerator(77)
    let whole = try CassetteWriter.cassette(of: [Samples.example, Samples.full, Samples.example])
    var repaired = 0
    for _ in 0..<150 {
      try directory.write(FuzzTests.mutate(whole, using: &seed), to: "a.tape")
      do throws(CassetteError) {
        _ = try CassetteChecker.repair(path: directory("a.tape"))
      } catch {
        #expect(error.kind == .badData)
        continue
      }
      repaired += try directory.exchanges(of: "a.tape").count
    }
    #expect(repaired > 150)
  }
}
