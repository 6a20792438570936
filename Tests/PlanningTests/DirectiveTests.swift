import Cassettes
import Planning
import Testing

@Suite("Directives say how one request is served")
struct DirectiveTests {
  @Test("leading segments that start with ~ are taken off the target, and the rest stays as it is")
  func target() throws {
    let target = try RequestTarget(
      parsing: "/~session=t1/~pace=gap:20ms/%7Eseed=7/~attempt=2/~exchange=3/v1/x?b=%2F&~a=1")
    #expect(target.target == "/v1/x?b=%2F&~a=1")
    #expect(target.prefix == "/~session=t1/~pace=gap:20ms/%7Eseed=7/~attempt=2/~exchange=3")
    #expect(target.directives.session == "t1")
    #expect(target.directives.pace == Pace(.gap(Microseconds(saturating: 20_000))))
    #expect(target.directives.seed == 7)
    #expect(target.directives.attempt == 2)
    #expect(target.directives.exchange == 3)
    #expect(!target.isControl)
  }

  @Test(
    "a target keeps its form",
    arguments: [
      ("/", "/"), ("/~session=a", "/"), ("/~session=a/", "/"), ("/~session=a?x=1", "/?x=1"),
      ("http://127.0.0.1:1/~session=a/v1/x", "/v1/x"), ("http://h", "/"), ("*", "/*"),
      ("//v1", "//v1"), ("/v1/~bob/x", "/v1/~bob/x"), ("/v1/~x=1", "/v1/~x=1"),
    ])
  func forms(text: String, expected: String) throws {
    #expect(try RequestTarget(parsing: text).target == expected)
  }

  @Test(
    "directives are written in a form that parses back to them",
    arguments: [
      "", "fault=none",
      "session=a/b[1];cassette=x%2Fy%3Bz;exchange=3;pace=ttft:5us,rate:50%2Fs,jitter:5%25;seed=9;"
        + "attempt=2;fault=header:x=a%3Bb%2C%40;fault=status:529,retry-after=1s,on=2-",
    ])
  func written(text: String) throws {
    let directives = try Directives(header: text)
    #expect(try Directives(header: directives.description) == directives)
    #expect(directives.description.split(separator: ";").count == text.split(separator: ";").count)
  }

  @Test("~ alone as first segment is the deck's own")
  func control() throws {
    #expect(try RequestTarget(parsing: "/~/health").isControl)
    #expect(try RequestTarget(parsing: "/%7e/health").isControl)
    #expect(try !RequestTarget(parsing: "/~session=a/~/health").isControl)
  }

  @Test("without directives a target is left alone")
  func off() throws {
    let target = try RequestTarget(parsing: "/~session=t1/~/x", readsDirectives: false)
    #expect(target.target == "/~session=t1/~/x")
    #expect(target.directives == Directives())
  }

  @Test("each value is split first and then percent-decoded once")
  func decoding() throws {
    var target = try RequestTarget(parsing: "/~pace=ttft:300ms,rate:50%2Fs,jitter:20%25/x")
    #expect(target.directives.pace == (try Pace(parsing: "ttft:300ms,rate:50/s,jitter:20%")))
    target = try RequestTarget(parsing: "/~pace=ttft:300ms,rate:50%2Fs,jitter:20%/x")
    #expect(target.directives.pace?.jitter != nil)
    target = try RequestTarget(parsing: "/~session=a%2Fb::c[1]/~cassette=sub%2Fname/x")
    #expect(target.directives.session == "a/b::c[1]")
    #expect(target.directives.cassette == "sub/name")
    let fault = try FaultSpec(parsing: "header:x=a%2Cb%253A+c")
    #expect(fault.arguments == ["x=a,b%3A+c"])
  }

  @Test(
    "what does not parse is refused, and the error says where",
    arguments: [
      ("/~sesion=a/x", "path segment 1"), ("/~session=a/~pace=fast/x", "path segment 2"),
      ("/~session=a/~session=b/x", "path segment 2"), ("/~session=/x", "path segment 1"),
      ("/~session/x", "path segment 1"), ("/~session=a%20b/x", "path segment 1"),
      ("/~exchange=0/x", "path segment 1"), ("/~attempt=-1/x", "path segment 1"),
      ("/~seed=1.5/x", "path segment 1"), ("/~session=%FF/x", "path segment 1"),
      ("/v1/~session=a/x", "path segment 2"), ("/~pace=2x/v1/~fault=reset", "path segment 3"),
      ("/v1/%7Epace=2x", "path segment 2"), ("/~fault=@x/y", "path segment 1"),
      ("/~session=\(String(repeating: "a", count: 129))/x", "path segment 1"), ("/é", ""),
    ])
  func refused(text: String, place: String) {
    let error = #expect(throws: DirectiveError.self) { try RequestTarget(parsing: text) }
    #expect(error?.description.hasPrefix(place) == true)
  }

  @Test("the header joins directives with ; and may come in several fields")
  func header() throws {
    let directives = try Directives(header: " session=t1 ; fault=status:529,on=1-2;; pace=recorded")
    #expect(directives.session == "t1")
    #expect(directives.pace == .recorded)
    #expect(directives.faults?.map(\.description) == ["status:529,on=1-2"])
    let error = #expect(throws: DirectiveError.self) { try Directives(header: "seed=1;pace=no") }
    #expect(error?.place == "header tapedeck, directive 2")
  }

  @Test("a later source wins key by key, and one that names faults replaces the list")
  func layers() throws {
    let flags = try Directives(header: "pace=2x;fault=a;fault=b;seed=1")
    let url = try Directives(header: "fault=c;seed=2")
    #expect(url.over(flags).faults?.map(\.name) == ["c"])
    #expect(url.over(flags).seed == 2)
    #expect(url.over(flags).pace == (try Pace(parsing: "2x")))
    #expect(try Directives(header: "fault=none").over(flags).faults?.isEmpty == true)
    #expect(Directives().over(flags).faults?.count == 2)
  }

  @Test("the number of faults is bounded")
  func bounded() {
    let many = Array(repeating: "fault=a", count: 65).joined(separator: ";")
    #expect(throws: DirectiveError.self) { try Directives(header: many) }
  }

  @Test("no input traps: seeded noise of the grammar's own characters parses or is refused")
  func noise() {
    var random = SplitMix(state: 42)
    let alphabet = Array("~/=:;,@%{}aexpgf0195.-x?fault=pace=session=on=in:after:event:random")
    var parsed = 0
    for _ in 0..<20_000 {
      let length = Int(random.next() % 24)
      let text = String(
        (0..<length).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] })
      if (try? RequestTarget(parsing: "/~" + text)) != nil { parsed += 1 }
      if let spec = try? FaultSpec(parsing: text) {
        #expect((try? FaultSpec(parsing: spec.description)) == spec)
        parsed += 1
      }
      if let directives = try? Directives(header: text) { _ = directives.over(directives) }
    }
    #expect(parsed > 100)
  }
}

/// A small seeded generator. (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators")
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
