import Cassettes
import Formats
import HTTP
import Testing

@Suite("Cassettes of Ruby, Go and Rust")
struct OtherCassettesTests {
  @Test("Ruby's cassettes say when an exchange was recorded, and keep placeholders")
  func ruby() throws {
    let found = try captures("ruby-vcr", CassetteSamples.ruby)
    #expect(found[0].asked == "POST <API_BASE>/chat/completions")
    #expect(found.map(\.http) == ["1.1", nil])
    #expect(found.map(\.at) == [1_780_944_875_000_000, 1_780_944_876_000_000])
  }

  @Test("Ruby's first format has structures in a list")
  func oldRuby() throws {
    let text = """
      ---
      - !ruby/struct:VCR::HTTPInteraction
        request: !ruby/struct:VCR::Request
          method: :get
          uri: http://a.test:80/
          body:
          headers:
        response: !ruby/struct:VCR::Response
          status: !ruby/struct:VCR::ResponseStatus
            code: 200
            message: OK
          headers:
            content-type:
            - text/plain
            content-length: "2"
          body: hi
          http_version: "1.1"

      """
    let found = try captures("ruby-vcr", text)
    #expect(found.map(\.asked) == ["GET http://a.test:80/"])
    #expect(found.map(\.text) == ["hi"])
    #expect(found[0].headers.count == 2)
    let opening = Opening(bytes: Array(text.utf8), fileName: "x.yml")
    #expect(ImportFormats.detect(opening)?.name == "ruby-vcr")
  }

  @Test("R's package of that name writes the same with other times")
  func r() throws {
    let found = try captures(
      "ruby-vcr",
      """
      http_interactions:
      - request:
          method: GET
          uri: http://a.test/
        response:
          status: 200
          headers:
            name: val
          body:
            string: body
        recorded_at: 2024-01-01 12:00:00
      recorded_with: VCR-vcr/2.0.0

      """)
    #expect(found.map(\.at) == [1_704_110_400_000_000])
    #expect(found.map(\.text) == ["body"])
  }

  @Test("betamax's times are UTC without saying so; praw's cassettes are among them")
  func betamax() throws {
    #expect(try captures("betamax", CassetteSamples.betamax)[0].at == 1_780_944_875_000_000)
    let text = CassetteSamples.betamax.replacing("http_interactions", with: "interactions")
      .replacing("betamax/0.9.0", with: "")
    let opening = Opening(bytes: Array(text.utf8), fileName: "x.json")
    #expect(ImportFormats.detect(opening)?.name == "betamax")
    #expect(try captures("betamax", text).count == 2)
  }

  @Test(
    "Durations of Go",
    arguments: [
      ("1.25s", 1_250_000), ("785.247875ms", 785_248), ("1m2.5s", 62_500_000),
      ("1h0m0s", 3_600_000_000),
      ("12.5µs", 13), ("1500ns", 2), ("250000000", 250_000), ("\"\"", nil), ("0s", nil), ("0", nil),
      ("soon", nil), ("1e999s", nil), ("99999999999h", 1_000_000_000_000_000), ("-1s", nil),
    ] as [(String, Int64?)])
  func durations(text: String, expected: Int64?) throws {
    let cassette = CassetteSamples.goVCR.replacing("duration: 1.25s", with: "duration: \(text)")
    let times = try captures("go-vcr", cassette)[0].times
    guard let expected else {
      #expect(times == .unknown)
      return
    }
    let time = Microseconds(saturating: expected)
    #expect(times == .span(head: time, end: time))
  }

  @Test(
    "go-vcr's second version shows framing and trailers",
    arguments: [
      CassetteSamples.goVCR, CassetteSamples.goVCRJSON,
    ])
  func goFraming(text: String) throws {
    let found = try captures("go-vcr", text)
    #expect(found.map(\.http) == ["2", "1.1"])
    #expect(found.map(\.framing) == [nil, .chunked])
    #expect(found.map(\.times).allSatisfy { $0 != .unknown })
    if text.contains("trailer") { #expect(found[1].trailers == [HeaderField("X-Sum", "1")]) }
  }

  @Test("go-vcr's first version has little more than VCR.py")
  func firstGoVersion() throws {
    let text = """
      ---
      version: 1
      interactions:
      - request:
          body: ""
          form: {}
          headers: {}
          url: http://a.test/
          method: GET
        response:
          body: hi
          headers:
            A: [b]
          status: 200 OK
          code: 200
          duration: ""

      """
    #expect(try captures("go-vcr", text).map(\.text) == ["hi"])
    let opening = Opening(bytes: Array(text.utf8), fileName: "x.yaml")
    #expect(ImportFormats.detect(opening)?.name == "go-vcr")
  }

  @Test("httpmock's exact matchers make the request; the others are told of")
  func httpmock() throws {
    let capture = try #require(
      try captures(
        "httpmock",
        """
        when:
          scheme: https
          host: a.test
          path: /x
          query_param: [{name: q, value: a b}, {name: r, value: '&'}]
          cookie: [{name: s, value: t}]
          json_body: {a: [1, x]}
          body_contains: [x]
        then:
          header: []
          json_body: {b: 1.50}
          delay: 20
          fault: none

        """
      ).first)
    #expect(capture.asked == "- https://a.test/x?q=a%20b&r=%26")
    #expect(capture.request.headers == [HeaderField("cookie", "s=t")])
    #expect(capture.request.body == Array(#"{"a":[1,"x"]}"#.utf8))
    #expect(capture.text == #"{"b":1.50}"#)
    #expect(capture.status == 200)
    let time = Microseconds(saturating: 20_000)
    #expect(capture.times == .span(head: time, end: time))
    #expect(capture.losses.count == 2 && capture.losses[0].contains("`body_contains`"))
  }

  @Test("A text of which each character is a byte gives these bytes")
  func latin1() throws {
    func body(_ encoding: String) throws -> String {
      let list = try captures(
        "betamax",
        #"""
        {"http_interactions": [{"recorded_at": "2026-01-01T00:00:00", "request": {"method": "GET",
        "uri": "http://a.test/", "headers": {}, "body": {"encoding": "utf-8", "string": ""}},
        "response": {"status": {"code": 200, "message": "OK"}, "headers": {},
        "body": {"encoding": "\#(encoding)", "string": "data: \u00c3\u00bc"}}}]}
        """#)
      return try #require(list.first).text
    }
    #expect(try body("ISO-8859-1") == "data: ü")
    #expect(try body("utf-8") == "data: Ã¼")
  }
}
