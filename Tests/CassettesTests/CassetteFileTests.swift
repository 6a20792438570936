import Testing

@testable import Cassettes

@Suite struct CassetteFileTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  static func exchange(_ id: String) -> Exchange {
    var exchange = Samples.example
    exchange.request.id = id
    return exchange
  }

  @Test("adding makes the file, and then is concatenation")
  func createsAndAppends() throws {
    for id in ["1", "2", "3"] { try CassetteFile.add(Self.exchange(id), to: directory("a.tape")) }
    let expected = try CassetteWriter.cassette(of: ["1", "2", "3"].map(Self.exchange))
    #expect(try directory.bytes(of: "a.tape") == expected)
    #expect(directory.names == ["a.tape"])
  }

  @Test("a symbolic link that leads to nothing yet gets the file that it names")
  func danglingLink() throws {
    try directory.link("a.tape", to: "b.tape")
    try directory.link("b.tape", to: directory("c.tape"))
    for id in ["1", "2"] { try CassetteFile.add(Self.exchange(id), to: directory("a.tape")) }
    #expect(try directory.exchanges(of: "c.tape").map(\.request.id) == ["1", "2"])
    #expect(directory.names == ["a.tape", "b.tape", "c.tape"])
    #expect(try directory.exchanges(of: "a.tape").count == 2)
  }

  @Test("an empty file becomes a cassette")
  func emptyFile() throws {
    try directory.write("", to: "a.tape")
    try CassetteFile.add(Self.exchange("1"), to: directory("a.tape"))
    try CassetteFile.add(Self.exchange("2"), to: directory("a.tape"))
    #expect(try directory.exchanges(of: "a.tape").map(\.request.id) == ["1", "2"])
  }

  @Test(
    "a plain text cassette gets plain lines, and the LF that it lacked", arguments: [true, false])
  func plainText(endsWithFeed: Bool) throws {
    let text = CassetteReaderTests.header + Samples.exampleLines
    try directory.write(String(endsWithFeed ? text[...] : text.dropLast()), to: "a.tape")
    try CassetteFile.add(Samples.example, to: directory("a.tape"))
    try CassetteFile.add(Samples.example, to: directory("a.tape"))
    #expect(
      try directory.text(of: "a.tape")
        == text + Samples.exampleLines + Samples.exampleLines)
  }

  @Test("a compressed text without a last LF gets one before the next member")
  func compressedWithoutFeed() throws {
    let text = (CassetteReaderTests.header + Samples.exampleLines).dropLast()
    try directory.write(Deflater.member(of: Array(text.utf8)), to: "a.tape")
    try CassetteFile.add(Self.exchange("2"), to: directory("a.tape"))
    #expect(try directory.exchanges(of: "a.tape") == [Samples.example, Self.exchange("2")])
  }

  @Test("a last member that is cut keeps its whole lines; only the rest is put aside")
  func everyCut() throws {
    let whole = try CassetteWriter.cassette(of: [Self.exchange("1"), Samples.full])
    let before = try CassetteWriter.cassette(of: [Self.exchange("1")])
    for cut in stride(from: before.count + 1, to: whole.count, by: 3) {
      let directory = try TemporaryDirectory()
      try directory.write(Array(whole[..<cut]), to: "a.tape")
      try CassetteFile.add(Self.exchange("3"), to: directory("a.tape"))
      let found = try directory.exchanges(of: "a.tape")
      #expect(found.first == Self.exchange("1"))
      #expect(found.last == Self.exchange("3"))
      #expect(found.count == 2 || found[1].isBeginning(of: Samples.full))
      #expect(try directory.bytes(of: "a.tape").starts(with: before))
      // The lines that are kept and the text that is put aside are the whole of what could be
      // inflated.
      var kept = found.count == 3 ? try CassetteWriter.lines(for: found[1]) : []
      if found.count == 3, found[1].ending.how == .interrupted {
        kept.removeLast(kept.split(separator: 0x0a).last.map { $0.count + 1 } ?? 0)
      }
      let lost =
        try directory.names.contains("a.tape.lost") ? directory.bytes(of: "a.tape.lost") : []
      #expect(try CassetteWriter.lines(for: Samples.full).starts(with: kept + lost))
      #expect(Set(directory.names).isSubset(of: ["a.tape", "a.tape.lost"]))
    }
  }

  @Test("a plain cassette whose last line is cut keeps the lines before it")
  func plainCut() throws {
    let text = CassetteReaderTests.header + Samples.exampleLines
    try directory.write(String(text.dropLast(8)), to: "a.tape")
    try CassetteFile.add(Self.exchange("2"), to: directory("a.tape"))
    let found = try directory.exchanges(of: "a.tape")
    #expect(found.map(\.ending.how) == [.interrupted, .complete])
    #expect(found[0].body == Samples.example.body)
    #expect(try directory.text(of: "a.tape.lost") == #"[18,"e",{"how":"comp"#)
  }

  @Test(
    "what is no cassette, newer or damaged inside is refused and left as it was",
    arguments: [
      "noise\n", "{\"tapedeck\":2}\n", "{\"tapedeck\":1}\nnoise\n", "{\"tapedeck\":1}\n[]\n",
    ],
    [true, false])
  func refuses(text: String, isCompressed: Bool) throws {
    let bytes = isCompressed ? try Deflater.member(of: Array(text.utf8)) : Array(text.utf8)
    try directory.write(bytes, to: "a.tape")
    let error = try #require(throws: CassetteError.self) {
      try CassetteFile.add(Samples.example, to: directory("a.tape"))
    }
    #expect(error.kind == .badData)
    #expect(try directory.bytes(of: "a.tape") == bytes)
    #expect(directory.names == ["a.tape"])
  }

  @Test("what others do to the file between two additions is noticed")
  func changedBetween() throws {
    let path = directory("a.tape")
    try CassetteFile.add(Self.exchange("1"), to: path)
    // Somebody else adds, then replaces the file by a longer one, then breaks it.
    let added = try directory.bytes(of: "a.tape") + CassetteWriter.member(for: Self.exchange("2"))
    try directory.write(added, to: "a.tape")
    try CassetteFile.add(Self.exchange("3"), to: path)
    #expect(try directory.exchanges(of: "a.tape").map(\.request.id) == ["1", "2", "3"])
    let other = (1...9).map { Self.exchange("other \($0)") }
    try directory.write(CassetteWriter.cassette(of: other), to: "a.tape")
    try CassetteFile.add(Self.exchange("4"), to: path)
    #expect(try directory.exchanges(of: "a.tape").count == 10)
    try directory.write(directory.bytes(of: "a.tape") + [0], to: "a.tape")
    #expect(throws: CassetteError.self) { try CassetteFile.add(Self.exchange("5"), to: path) }
  }

  /// What is at the path when many begin to add.
  enum Beginning: CaseIterable { case nothing, empty, cassette, cutCassette, plainText }

  @Test("many add at once: every exchange is there once and whole", arguments: Beginning.allCases)
  func concurrent(beginning: Beginning) async throws {
    let path = directory("a.tape")
    let header = try CassetteWriter.header()
    switch beginning {
    case .nothing: break
    case .empty: try directory.write("", to: "a.tape")
    case .cassette: try directory.write(header, to: "a.tape")
    case .cutCassette: try directory.write(header + header.prefix(12), to: "a.tape")
    case .plainText: try directory.write(CassetteReaderTests.header, to: "a.tape")
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for number in 0..<6 { try CassetteFile.add(Self.exchange("\(task)-\(number)"), to: path) }
        }
      }
      try await group.waitForAll()
    }
    let found = try directory.exchanges(of: "a.tape")
    let expected = (0..<8).flatMap { task in (0..<6).map { "\(task)-\($0)" } }
    #expect(found.map(\.request.id).sorted() == expected.sorted())
    #expect(found.allSatisfy { $0.body == Samples.example.body })
    #expect(directory.names.filter { $0 != "a.tape.lost" } == ["a.tape"])
  }

  @Test("whoever waits for a file that is replaced meanwhile adds to the file that took its place")
  func replacedWhileWaiting() async throws {
    let header = try CassetteWriter.header()
    for _ in 0..<40 {
      let directory = try TemporaryDirectory()
      let path = directory("a.tape")
      // Whoever comes first makes the cut file anew, while the others wait for its lock.
      try directory.write(header + header.prefix(12), to: "a.tape")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for task in 0..<4 {
          group.addTask { try CassetteFile.add(Self.exchange("\(task)"), to: path) }
        }
        try await group.waitForAll()
      }
      #expect(try directory.exchanges(of: "a.tape").count == 4)
    }
  }

  @Test("a cassette is created only where nothing is, and only where something is can it be read")
  func exclusiveCreation() throws {
    try CassetteFile.create(directory("a.tape"), exchanges: [Samples.full])
    let error = try #require(throws: CassetteError.self) {
      try CassetteFile.create(directory("a.tape"), exchanges: [])
    }
    #expect(error.kind == .exists)
    #expect(try directory.exchanges(of: "a.tape") == [Samples.full])
  }
}
