import HTTP
import LosslessJSON
import Patterns
import Redaction
import TestSupport
import Testing

@testable import Cassettes

@Suite("Redaction of cassettes")
struct CassetteRedactionTests {
  private static let key = "sk-ant-api03-0123456789abcdefgh"
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// An exchange with a secret in every part that can hold one.
  private static var open: Exchange {
    var exchange = Exchange(
      request: RecordedRequest(
        id: "1", at: "2026-11-22T11:00:00.000000Z", method: "POST",
        url: "https://u:\(key)@h/p?key=\(key)", path: "/p?key=\(key)",
        headers: [HeaderField("x-api-key", key), HeaderField("x-note", "(\(key))")],
        body: Array("{\"a\":\"\(key.replacing("-", with: "\\u002d"))\",\"b\":\"\(key)\"}".utf8),
        extra: [JSONValue.Member("later", .array([.string(key), .number("1.50")]))]),
      head: ResponseHead(
        status: 200,
        headers: [
          HeaderField("content-type", "text/event-stream"), HeaderField("set-cookie", key),
        ], at: Samples.time(3), extra: [JSONValue.Member("api_key", .string("hunter2hunter"))]),
      trailers: Trailers(fields: [HeaderField("x-auth-token", key)], at: Samples.time(40)),
      ending: Ending(
        how: .reset, detail: "for \(key)", at: Samples.time(50),
        extra: [JSONValue.Member("note", .string("see \(key)"))]),
      asides: [
        Aside(code: "m", data: .string("with \(key)"), place: 2, at: Samples.time(5)),
        Aside(
          code: "zz", data: .object([.init("password", .string("hunter2hunter"))]), place: 3,
          at: Samples.time(9)),
      ])
    for (index, text) in ["see \(key.prefix(9))", String(key.dropFirst(9)), " é"].enumerated() {
      exchange.append(
        chunk: "data: {\"delta\":{\"text\":\"\(text)\"}}\n\n".utf8,
        at: Samples.time(10 + Int64(index)))
    }
    return exchange
  }

  private func plain(_ exchanges: [Exchange]) throws -> [UInt8] {
    try CassetteHeader.line(extra: []) + [0x0A]
      + exchanges.flatMap { try CassetteWriter.lines(for: $0) }
  }

  private func text(of name: String) throws -> String {
    let bytes = try directory.bytes(of: name)
    return String(decoding: bytes.first == 0x1F ? Gzip.inflated(bytes).bytes : bytes, as: UTF8.self)
  }

  @Test(
    "leaves no secret in any part, compressed or plain, and nothing for a check",
    arguments: [true, false])
  func everyPart(isCompressed: Bool) throws {
    let all = [Samples.example, Self.open, Samples.full]
    try directory.write(
      isCompressed ? try CassetteWriter.cassette(of: all) : try plain(all), to: "a.tape")
    let before = try CassetteChecker.check(path: directory("a.tape"))
    #expect(before.findings.filter { $0.kind == .secret }.count >= 15)
    let report = try CassetteRedaction().redact(path: directory("a.tape"))
    #expect(report.exchanges == 3 && report.changed == [2])
    let text = try text(of: "a.tape")
    #expect(!text.contains("abcdefgh") && !text.contains("hunter2"))
    #expect(
      try CassetteChecker.check(path: directory("a.tape")).findings.allSatisfy {
        $0.kind != .secret
      })
    let after = try directory.exchanges(of: "a.tape")
    #expect(after[0] == all[0] && after[2] == all[2])
    #expect(after[1].chunks == Self.open.chunks && after[1].request.id == "1")
    #expect(
      after[1].request.extra == [
        JSONValue.Member(
          "later", .array([.string(SecretSamples.stars(Self.key)), .number("1.50")]))
      ])
    #expect(directory.names == ["a.tape"])
    let bytes = try directory.bytes(of: "a.tape")
    #expect(try !CassetteRedaction().redact(path: directory("a.tape")).isChanged)
    #expect(try directory.bytes(of: "a.tape") == bytes)
  }

  @Test("tells kinds and places, and never a secret")
  func report() throws {
    try directory.write(try plain([Self.open]), to: "a.tape")
    let trial = try CassetteRedaction().redact(path: directory("a.tape"), isTrial: true)
    #expect(try directory.bytes(of: "a.tape") == plain([Self.open]))
    #expect(try CassetteRedaction().redact(path: directory("a.tape")) == trial)
    #expect(!String(describing: trial).contains("abcdef"))
    let told = trial.covered.map { "\($0.exchange ?? 0) \($0.kind) \($0.place)" }
    for wanted in [
      "1 userInformation request URL", "1 credentialParameter request path, parameter key",
      "1 credentialHeader request header x-api-key", "1 anthropicKey request body",
      "1 anthropicKey response body, events 1 to 2 joined, delta.text",
      "1 credentialHeader trailer x-auth-token", "1 anthropicKey marker 1", "1 anthropicKey ending",
    ] { #expect(told.contains(wanted), "\(wanted)") }
  }

  @Test("members without a secret keep their bytes, and so do lines as a hand wrote them")
  func untouched() throws {
    let members = try [Samples.example, Self.open, Samples.full].map(CassetteWriter.member(for:))
    try directory.write(try CassetteWriter.header() + members.flatMap { $0 }, to: "a.tape")
    try CassetteRedaction().redact(path: directory("a.tape"))
    let bytes = try directory.bytes(of: "a.tape")
    #expect(bytes.starts(with: try CassetteWriter.header() + members[0]))
    #expect(bytes.suffix(members[2].count).elementsEqual(members[2]))

    let hand = """
      {"tapedeck":1, "later":[1.50,"é"]}
      [0,"zz","between"]
      [0, "q", {"method":"GET","path":"/","at":"2026-11-22T11:00:00Z","id":"b"}]

      [1,"h",{"headers":[["content-type","text/event-stream"]], "status":200}]
      [ 2,"d","data: \(Self.key)\\n\\n"]
      [3, "d","data: x\\u00e9\\n\\n"]
      [4,"later",{"a":1e3}]
      """
    try directory.write(hand, to: "b.tape")
    try CassetteRedaction().redact(path: directory("b.tape"))
    let wanted = hand.replacing(
      "[ 2,\"d\",\"data: \(Self.key)", with: "[2,\"d\",\"data: \(SecretSamples.stars(Self.key))")
    #expect(try directory.text(of: "b.tape") == wanted)
  }

  @Test("redacts one member of several exchanges, and the first line")
  func oneMember() throws {
    let text =
      try CassetteHeader.line(extra: [.init("note", .string(Self.key))]) + [0x0A]
      + [Samples.example, Self.open].flatMap { try CassetteWriter.lines(for: $0) }
    try directory.write(try Gzip.member(of: text), to: "a.tape")
    let report = try CassetteRedaction().redact(path: directory("a.tape"))
    #expect(report.covered.first?.exchange == nil)
    #expect(try !self.text(of: "a.tape").contains("abcdefgh"))
    #expect(try directory.exchanges(of: "a.tape").first == Samples.example)
  }

  @Test("a user's rules cover what they name, and are told of")
  func rules() throws {
    try directory.write(try plain([Samples.full, Self.open]), to: "a.tape")
    let rules = RedactionRules(
      patterns: [try Pattern("grpc|peer")],
      pointers: [try RedactionPointer(parsing: "/delta/text")],
      keptHeaders: ["set-cookie"])
    let report = try CassetteRedaction(rules: rules).redact(path: directory("a.tape"))
    let told = report.covered.map { "\($0.exchange ?? 0) \($0.kind) \($0.place)" }
    #expect(told.contains("1 rule ending") && told.contains("2 rule response body"))
    let exchanges = try directory.exchanges(of: "a.tape")
    #expect(exchanges[0].ending.detail == "**** \u{1F4FC} left\u{7f}")
    #expect(exchanges[1].head?.headers.last?.value == Self.key)
    #expect(exchanges[1].body.suffix(9).elementsEqual("\"***\"}}\n\n".utf8))
    #expect(try !CassetteRedaction(rules: rules).redact(path: directory("a.tape")).isChanged)
  }

  @Test(
    "refuses what is damaged or no cassette, and changes nothing",
    arguments: ["cut", "line", "other", "newer"])
  func refuses(what: String) throws {
    var bytes = try CassetteWriter.cassette(of: [Self.open, Self.open])
    switch what {
    case "cut": bytes.removeLast(9)
    case "line": bytes = Array("{\"tapedeck\":1}\n[1,\"q\",{}]\n".utf8)
    case "newer": bytes = Array("{\"tapedeck\":2}\n".utf8)
    default: bytes = Array("hello".utf8)
    }
    try directory.write(bytes, to: "a.tape")
    do throws(CassetteError) {
      _ = try CassetteRedaction().redact(path: directory("a.tape"))
      Issue.record("it was not refused")
    } catch {
      #expect(error.kind == .badData)
      let isRepairable = what == "cut" || what == "line"
      #expect(error.reason.contains("check --repair") == isRepairable)
    }
    #expect(try directory.bytes(of: "a.tape") == bytes)
    #expect(directory.names == ["a.tape"])
  }

  @Test("keeps permissions and links, removes drafts that nobody finished, and tells of leftovers")
  func surroundings() throws {
    try directory.write(try plain([Self.open]), to: "a.tape")
    try directory.link("b.tape", to: "a.tape")
    try directory.write("x", to: "a.tape.1-1.new")
    try directory.write("x", to: "a.tape.orig")
    try directory.write("x", to: "a.tape.lost")
    try directory.setPermissions(0o640, of: "a.tape")
    let report = try CassetteRedaction().redact(path: directory("b.tape"))
    #expect(report.isChanged)
    #expect(try directory.permissions(of: "a.tape") == 0o640)
    #expect(directory.names == ["a.tape", "a.tape.lost", "a.tape.orig", "b.tape"])
    #expect(try CassetteRedaction().redact(path: directory("a.tape")).notes.count == 2)
  }

  @Test("redacts a recording that nobody finished, and none that is under way")
  func spools() throws {
    let path = directory("a.tape.1-1.part")
    var lines = String(decoding: try CassetteWriter.lines(for: Self.open), as: UTF8.self)
      .split(separator: "\n").map(String.init)
    lines.removeLast()
    try directory.write(
      try CassetteWriter.header()
        + Gzip.member(of: Array((lines.joined(separator: "\n") + "\n").utf8)),
      to: "a.tape.1-1.part")
    do {
      let recorder = try OpenFile(reading: path)
      let isLocked = recorder.tryLock()
      #expect(isLocked)
      #expect(throws: CassetteError.self) { try CassetteRedaction().redact(path: path) }
      _ = recorder.number
    }
    #expect(try CassetteRedaction().redact(path: path).isChanged)
    let text = try text(of: "a.tape.1-1.part")
    #expect(!text.contains("abcdefgh") && text.split(separator: "\n").count == lines.count + 1)
    let repaired = try CassetteChecker.repair(path: directory("a.tape"))
    #expect(repaired.adopted.count == 1)
    #expect(try directory.exchanges(of: "a.tape").first?.ending.how == .interrupted)
  }
}
