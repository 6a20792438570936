import Testing

@testable import Cassettes

@Suite("Cassettes in the making")
struct CassetteDraftTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Exchanges of many sizes, some of which are too large to be compressed beside others.
  static let many: [Exchange] = (0..<60).map { number in
    exchange("\(number)", bodyBytes: number % 20 == 7 ? 3 << 20 : number * 997)
  }

  static func exchange(_ id: String, bodyBytes: Int) -> Exchange {
    var exchange = Samples.example
    exchange.request.id = id
    exchange.head?.at = .zero
    exchange.body = (0..<bodyBytes).map { UInt8(truncatingIfNeeded: 32 + ($0 &* $0 >> 7) % 90) }
    exchange.chunks = stride(from: 3_000, to: bodyBytes, by: 3_000)
      .map { Chunk(end: $0, at: Microseconds(saturating: Int64($0))) }
    exchange.chunks.append(Chunk(end: bodyBytes, at: Microseconds(saturating: Int64(bodyBytes))))
    exchange.ending.at = Microseconds(saturating: Int64(bodyBytes))
    return exchange
  }

  private func draft(_ exchanges: [Exchange]) throws -> CassetteDraft {
    let draft = try CassetteDraft(target: directory("a.tape"))
    for exchange in exchanges { try draft.add(exchange) }
    return draft
  }

  @Test("What is committed has the bytes of a cassette that was written at once")
  func sameBytes() throws {
    try draft(Self.many).commit(appends: false)
    #expect(try directory.bytes(of: "a.tape") == CassetteWriter.cassette(of: Self.many))
    #expect(directory.names == ["a.tape"])
    #expect(try directory.permissions(of: "a.tape") == 0o600)
  }

  @Test("A member is the same whether its lines come at once or in pieces")
  func pieces() throws {
    for exchange in Self.many {
      let lines = try CassetteWriter.lines(for: exchange)
      #expect(try CassetteWriter.member(for: exchange) == Deflater.member(of: lines))
    }
  }

  @Test("Until it is committed nothing is at the target, and what is given up leaves nothing")
  func givenUp() throws {
    do {
      let draft = try draft(Array(Self.many.prefix(10)))
      #expect(!directory.names.contains("a.tape"))
      #expect(try draft.mark().hashValue == draft.mark().hashValue)
      #expect(directory.names.count == 1)
    }
    #expect(directory.names == [])
  }

  @Test("What came behind a mark is taken back, whether it is compressed already or not")
  func rollBack() throws {
    let draft = try draft(Array(Self.many[..<5]))
    let mark = try draft.mark()
    for exchange in Self.many[5..<40] { try draft.add(exchange) }
    try draft.rollBack(to: mark)
    #expect(draft.exchanges == 5)
    for exchange in Self.many[40...] { try draft.add(exchange) }
    try draft.commit(appends: false)
    let expected = Array(Self.many[..<5] + Self.many[40...])
    #expect(try directory.bytes(of: "a.tape") == CassetteWriter.cassette(of: expected))
  }

  @Test("What exists is not touched unless exchanges are to be added to it")
  func exists() throws {
    try directory.write("somebody's", to: "a.tape")
    let error = try #require(throws: CassetteError.self) {
      try draft([Samples.example]).commit(appends: false)
    }
    #expect(error.kind == .exists)
    #expect(try directory.text(of: "a.tape") == "somebody's")
    let noCassette = try #require(throws: CassetteError.self) {
      try draft([Samples.example]).commit(appends: true)
    }
    #expect(noCassette.kind == .badData)
    #expect(try directory.text(of: "a.tape") == "somebody's")
    #expect(directory.names == ["a.tape"])
  }

  @Test("Exchanges are added to what there is: nothing, an empty file, a cassette, plain text")
  func appends() throws {
    let added = Array(Self.many[30..<34])
    for (name, before) in [
      ("none", nil), ("empty", []), ("compressed", try CassetteWriter.cassette(of: [Samples.full])),
      ("plain", Array((CassetteReaderTests.header + Samples.exampleLines).utf8)),
      (
        "plain without a last LF",
        Array((CassetteReaderTests.header + Samples.exampleLines).utf8.dropLast())
      ),
    ] as [(String, [UInt8]?)] {
      let directory = try TemporaryDirectory()
      if let before { try directory.write(before, to: "a.tape") }
      let draft = try CassetteDraft(target: directory("a.tape"))
      for exchange in added { try draft.add(exchange) }
      try draft.commit(appends: true)
      let bytes = try directory.bytes(of: "a.tape")
      switch name {
      case "none", "empty": #expect(bytes == (try CassetteWriter.cassette(of: added)))
      case "compressed":
        #expect(bytes == (try CassetteWriter.cassette(of: [Samples.full] + added)))
      default:
        let lines = try added.flatMap { try CassetteWriter.lines(for: $0) }
        #expect(bytes == Array((CassetteReaderTests.header + Samples.exampleLines).utf8) + lines)
      }
      #expect(directory.names == ["a.tape"])
    }
  }

  @Test("A cassette that is cut off is made whole before exchanges are added")
  func cut() throws {
    let whole = try CassetteWriter.cassette(of: [Samples.example, Samples.full])
    try directory.write(Array(whole.dropLast(20)), to: "a.tape")
    try draft([Self.many[3]]).commit(appends: true)
    let found = try directory.exchanges(of: "a.tape")
    #expect(found.first == Samples.example)
    #expect(found.last == Self.many[3])
    #expect(Set(directory.names).isSubset(of: ["a.tape", "a.tape.lost"]))
  }

  @Test("Drafts and recordings that are added at once are there whole, and each draft in one piece")
  func concurrent() async throws {
    let path = directory("a.tape")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<4 {
        group.addTask {
          let draft = try CassetteDraft(target: path)
          for number in 0..<8 {
            try draft.add(Self.exchange("\(task)-\(number)", bodyBytes: 20_000))
          }
          try draft.commit(appends: true)
        }
        group.addTask {
          for number in 0..<4 {
            try CassetteFile.add(CassetteFileTests.exchange("r\(task)-\(number)"), to: path)
          }
        }
      }
      try await group.waitForAll()
    }
    let found = try directory.exchanges(of: path.split(separator: "/").last.map(String.init) ?? "")
      .map(\.request.id)
    #expect(found.count == 4 * 8 + 4 * 4)
    for task in 0..<4 {
      let first = try #require(found.firstIndex(of: "\(task)-0"))
      #expect(Array(found[first..<(first + 8)]) == (0..<8).map { "\(task)-\($0)" })
    }
    #expect(directory.names == ["a.tape"])
  }

  @Test("An exchange that no reader would take back is refused at once")
  func unfit() throws {
    var exchange = Samples.example
    exchange.chunks = []
    let draft = try draft([])
    let error = try #require(throws: CassetteError.self) { try draft.add(exchange) }
    #expect(error.kind == .badData)
    #expect(draft.exchanges == 0)
  }
}
