import Cassettes
import Formats
import Testing

@Suite("Recordings of Polly.js")
struct PollyFormatTests {
  /// "data: {\"a\":1}\n\ndata: {\"b\":2}\n\n", compressed with a flush between the events.
  private static let pieces = [
    "H4sIAAAAAAACA0pJLEm0UqhWSlSyMqzl4gIAAAD//w==", "S4Fyk5SsjIBcAEKI1YIeAAAA",
  ]

  private static func json(content: String, coding: String = "gzip") -> String {
    #"""
    {"log":{"_recordingName":"chat/streams","creator":{"comment":"persister:fs","name":"Polly.JS",
    "version":"6.0.6"},"entries":[{"_id":"0f1","_order":0,"cache":{},
    "request":{"method":"POST","url":"https://api.example.com/v1/chat?x=1","httpVersion":"HTTP/1.1",
    "headers":[{"_fromType":"array","name":"host","value":"api.example.com"}],
    "postData":{"mimeType":"application/json","params":[],"text":"{\"q\":1}"}},
    "response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[
    {"name":"content-type","value":"text/event-stream"},
    {"name":"content-encoding","value":"\#(coding)"}],"content":{\#(content)}},
    "startedDateTime":"2024-01-05T00:00:00.000Z","time":1312,"timings":{"wait":1312,"receive":0}}],
    "pages":[],"version":"1.2"}}
    """#
  }

  private static let yaml = #"""
    log:
      _recordingName: chat
      creator:
        comment: persister:own
        name: Polly.JS
        version: 6.0.6
      entries:
        - _id: b4a6
          _order: 0
          cache: {}
          request:
            headers:
              - name: content-type
                value: application/json
            method: POST
            postData:
              mimeType: application/json
              params: []
              textJSON:
                model: m
                stream: true
                n: 2
            url: https://api.example.com/stream
          response:
            content:
              mimeType: text/event-stream
              size: 16
              text: |+
                data: {"a":1}

            headers:
              - name: content-type
                value: text/event-stream
            status: 200
            statusText: OK
          startedDateTime: Fri, 05 Jan 2024 00:00:00 GMT
          time: 0
          timings:
            receive: 0
            wait: 0
    """#

  @Test("A list of base64 texts is what came, piece by piece, of one stream of gzip")
  func list() throws {
    let list = Self.pieces.map { #"\"\#($0)\""# }.joined(separator: ",")
    let file = try ReadFile(
      "polly", Self.json(content: #""encoding":"base64","text":"[\#(list)]""#))
    let capture = try #require(file.captures.first)
    #expect(capture.request.url == "https://api.example.com/v1/chat?x=1")
    #expect(String(decoding: capture.request.body, as: UTF8.self) == #"{"q":1}"#)
    #expect(capture.ends?.count == 2)
    let finished = try CaptureFinisher().exchange(of: capture, format: "polly")
    let body = String(decoding: finished.exchange.body, as: UTF8.self)
    #expect(body == "data: {\"a\":1}\n\ndata: {\"b\":2}\n\n")
    #expect(finished.exchange.chunks.map(\.end) == [15, 30])
    #expect(finished.exchange.head?.decoded == "gzip")
    #expect(finished.exchange.request.timing == .synthetic)
  }

  @Test("Older versions wrote hexadecimal digits; a text may be coded or not")
  func digits() throws {
    for (content, body) in [
      (#""text":"646174","_isBinary":true"#, "dat"),
      (#""text":"[\"6461\",\"74\"]","_isBinary":true"#, "dat"),
      (#""text":"[\"6461\",\"74\"]""#, "dat"),
      (#""text":"646174","encoding":"hex""#, "dat"),
      (#""text":"646174""#, "646174"),
      (#""text":"[1,\"74\"]""#, #"[1,"74"]"#),
      (#""text":"ZGF0","encoding":"base64""#, "dat"),
      (#""size":0"#, ""),
    ] {
      let captures = try ReadFile("polly", Self.json(content: content)).captures
      #expect(captures.first?.text == body, "\(content)")
    }
  }

  @Test("A recording in YAML gives the request's JSON anew, and the frozen date")
  func inYAML() throws {
    let file = try ReadFile("polly", Self.yaml)
    let capture = try #require(file.captures.first)
    #expect(
      String(decoding: capture.request.body, as: UTF8.self)
        == #"{"model":"m","stream":true,"n":2}"#)
    #expect(capture.text == "data: {\"a\":1}\n\n")
    #expect(capture.at == Timestamp.microseconds(rfc3339: "2024-01-05T00:00:00Z"))
    #expect(capture.times == .unknown)
    #expect(capture.losses == ["its request's body is written anew from textJSON"])
  }

  @Test("A recording that is cut anywhere fails with its place")
  func cuts() throws {
    for text in [Self.json(content: #""text":"data""#), Self.yaml] {
      try expectCutsAreSafe("polly", Array(text.utf8)) {
        $0.body == $1.body && $0.request.body == $1.request.body && $0.status == $1.status
      }
    }
  }

  @Test("Values of other types fail with their place, or say nothing")
  func mutations() throws {
    let text = Self.json(content: #""encoding":"base64","text":"ZGF0""#)
    try expectMutationsAreSafe(
      "polly", text,
      [
        #""POST""#, "200", #""ZGF0""#, #""base64""#, #"{"encoding":"base64","text":"ZGF0"}"#,
        #""{\"q\":1}""#, "[]", #""2024-01-05T00:00:00.000Z""#,
      ])
  }
}
