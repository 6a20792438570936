import Cassettes
import LosslessJSON
import TestSupport
import Testing

@testable import Matching

@Suite("What changes every run can be taken for the same")
struct NormalizationTests {
  private static func normalized(_ text: String, _ what: Set<Normalization>) -> String {
    var bytes = Array(text.utf8)
    Normalizer(what).normalize(&bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let uuid = "01234567-89ab-CDEF-0123-456789abcdef"

  @Test(
    "UUIDs in their text form",
    arguments: [
      (uuid, "<uuid>"), ("a \(uuid), \(uuid).", "a <uuid>, <uuid>."),
      ("user_1_session_\(uuid)", "user_1_session_<uuid>"), ("urn:uuid:\(uuid)", "urn:uuid:<uuid>"),
      ("a\(uuid)", "a\(uuid)"), ("\(uuid)0", "\(uuid)0"),
      ("01234567-89ab-CDEF-0123-456789abcdeg", "01234567-89ab-CDEF-0123-456789abcdeg"),
      ("0123456789abCDEF0123456789abcdef", "0123456789abCDEF0123456789abcdef"),
    ])
  func uuids(text: String, expected: String) {
    #expect(Self.normalized(text, [.uuid]) == expected)
    #expect(Self.normalized(text, [.date, .id]) == text)
  }

  @Test(
    "dates and times of RFC 3339, ISO 8601 and HTTP, and no version or number that looks like one",
    arguments: [
      ("2026-11-22", "<date>"), ("2026-11-22T10:15:30Z", "<date>"),
      ("2026-11-22T10:15:30.123456+01:00", "<date>"), ("2026-11-22 10:15", "<date>"),
      ("from 2026-11-22t10:15:30z to 2026-11-23.", "from <date> to <date>."),
      ("20261122T101530Z", "<date>"), ("20261122T101530.5+0100", "<date>"),
      ("Sun, 06 Nov 1994 08:49:37 GMT", "<date>"), ("06 Nov 1994 08:49:37 +0000", "<date>"),
      ("at=2026-11-22T10%3A15%3A30Z&x", "at=<date>&x"),
      ("2026-13-22", "2026-13-22"), ("2026-11-32", "2026-11-32"), ("2026-00-01", "2026-00-01"),
      ("gpt-4o-2024-08-06", "gpt-4o-2024-08-06"), ("tool_20250124", "tool_20250124"),
      ("1700000000", "1700000000"), ("2026-11-221", "2026-11-221"),
      ("Sun, 06 Nov 1994", "Sun, 06 Nov 1994"),
    ])
  func dates(text: String, expected: String) {
    #expect(Self.normalized(text, [.date]) == expected)
    #expect(Self.normalized(text, [.uuid, .id]) == text)
  }

  @Test(
    "what providers call things: a known prefix and a long random tail",
    arguments: [
      ("msg_01ABCdefGHIjklMNOpqrSTUv", "<id>"), ("toolu_01A09q90qw90lq917835lq9", "<id>"),
      ("chatcmpl-9x8y7z6w5v4u3t2s1r0q", "<id>"), ("chatcmpl-\(uuid)", "<id>"),
      ("chatcmpl-tool-0123456789abcdef0123456789abcdef", "<id>"),
      ("call_abcDEF0123456789ghijKLMN", "<id>"), ("req_011CSHoEeqs5C35K2UUqR7Fy", "<id>"),
      ("resp_68a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5", "<id>"), ("run_abc123def456ghi7", "<id>"),
      ("thread_abc123def456ghi7", "<id>"), (#"{"id":"fc_0123456789abcdef"}"#, #"{"id":"<id>"}"#),
      ("call_1", "call_1"), ("chatcmpl-124", "chatcmpl-124"), ("call_y0i1h5bo", "<id>"),
      ("toolu_bdrk_01A09q90qw90lq917835lq9", "<id>"), ("call_00_abcDEF0123456789", "<id>"),
      ("call_functionwithlongname", "call_functionwithlongname"),
      ("xcall_abcDEF0123456789ghij", "xcall_abcDEF0123456789ghij"),
      ("msg_0123456789abcdef_x", "<id>_x"), ("run_fast", "run_fast"),
    ])
  func identities(text: String, expected: String) {
    #expect(Self.normalized(text, [.id]) == expected)
  }

  @Test("doing it twice is as good as once, whatever the text is")
  func idempotent() {
    var chance = SeededGenerator(5)
    let parts = [
      Self.uuid, "2026-11-22", "T10:15:30Z", "20261122T101530Z", "06 Nov 1994 08:49:37 GMT",
      "Sun, ",
      "msg_", "chatcmpl-", "call_", "01ABCdefGHIjklMNOp", "-", "_", " ", "a", "7", ":", "%3A",
      "+01:00",
      "<uuid>", "<date>", "<id>", "é", "\u{0}", ".5", "2026-", "11-22",
    ]
    for _ in 0..<2_000 {
      let count = Int.random(in: 1...7, using: &chance)
      let text = (0..<count).map { _ in parts.randomElement(using: &chance) ?? "" }.joined()
      for what: Set<Normalization> in [[.uuid], [.date], [.id], Set(Normalization.allCases)] {
        let once = Self.normalized(text, what)
        #expect(Self.normalized(once, what) == once, "\(text)")
      }
    }
  }

  @Test(
    "a request is normalized in the strings of its body and in its query, not in keys and paths")
  func requests() {
    let comparable = { (target: String, body: String) in
      ComparableRequest(
        method: "POST", target: target, headers: [], body: Array(body.utf8),
        comparing: Comparison(normalizing: [.uuid]))
    }
    let (a, b) = ("01234567-89ab-cdef-0123-456789abcdef", "fedcba98-7654-3210-fedc-ba9876543210")
    let body = { (value: String) in #"{"a":["x \#(value)",{"b":"\#(value)"}],"n":1}"# }
    #expect(comparable("/v1?x=\(a)", body(a)).body == comparable("/v1?x=\(b)", body(b)).body)
    #expect(comparable("/v1?x=\(a)", "").line == comparable("/v1?x=\(b)", "").line)
    #expect(comparable("/\(a)", "").line != comparable("/\(b)", "").line)
    #expect(comparable("/", #"{"\#(a)":1}"#).body != comparable("/", #"{"\#(b)":1}"#).body)
    #expect(comparable("/", a).body != comparable("/", b).body)
    #expect(comparable("/", a).body.bytes == Array(a.utf8))
  }

  @Test("names are chosen one by one or all; an unknown one is an error that lists them")
  func names() throws {
    #expect(try Normalization.set(parsing: "uuid,id") == [.uuid, .id])
    #expect(try Normalization.set(parsing: "all") == Set(Normalization.allCases))
    for text in ["", "uuid,", "guid", "UUID"] {
      #expect {
        try Normalization.set(parsing: text)
      } throws: { error in
        "\(error)".contains("there are uuid, date, id, all")
      }
    }
  }
}
