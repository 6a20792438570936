import Cassettes
import Formats
import HTTP
import Testing

/// One segment of TCP, written as tshark writes it.
private struct Segment {
  enum Form: CaseIterable {
    case fields, layers, elasticsearch
  }

  var micros: Int
  var isClient: Bool
  var seq: Int
  var text = ""
  var flags = 0x18
  var stream = 0
  var reassembled: String?

  private static func hex(_ text: String, separator: String = "") -> String {
    text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: separator)
  }

  func json(_ form: Form = .fields) -> String {
    let fraction = String(1_000_000 + micros).dropFirst()
    let time = "1777622400.\(fraction)789"
    let (from, to) = isClient ? (40_000, 80) : (80, 40_000)
    let flagText = "0x00" + (flags < 16 ? "0" : "") + String(flags, radix: 16)
    switch form {
    case .fields:
      let payload = text.isEmpty ? "" : #","tcp.payload":["\#(Self.hex(text))"]"#
      return #"""
        {"_source":{"layers":{"frame.time_epoch":["\#(time)"],"tcp.stream":["\#(stream)"],
        "tcp.srcport":["\#(from)"],"tcp.dstport":["\#(to)"],"tcp.seq":["\#(seq)"],
        "tcp.len":["\#(text.utf8.count)"],"tcp.flags":["\#(flagText)"]\#(payload)}}}
        """#
    case .layers:
      let payload =
        text.isEmpty ? "" : #","tcp.payload":"\#(Self.hex(text, separator: ":"))""#
      let whole =
        reassembled.map {
          #","tcp.segments":{"tcp.segment":"1","tcp.segment":"2","tcp.reassembled.data":"\#(Self.hex($0, separator: ":"))"}"#
        } ?? ""
      return #"""
        {"_index":"packets","_source":{"layers":{"frame":{"frame.time_epoch":"\#(time)"},
        "ip":{"ip.src":"10.0.0.1","ip.addr":"10.0.0.1","ip.addr":"10.0.0.2"},
        "tcp":{"tcp.srcport":"\#(from)","tcp.dstport":"\#(to)","tcp.port":"80","tcp.port":"40000",
        "tcp.stream":"\#(stream)","tcp.len":"\#(text.utf8.count)","tcp.seq":"\#(seq)",
        "tcp.flags":"\#(flagText)","tcp.flags_tree":{"tcp.flags.fin":"\#(flags & 1)"}\#(payload)}
        \#(whole)}}}
        """#.replacing(
          #""ip.src":"10.0.0.1""#, with: #""ip.src":"\#(isClient ? "10.0.0.1" : "10.0.0.2")""#)
    case .elasticsearch:
      let payload =
        text.isEmpty ? "" : #","tcp_tcp_payload":"\#(Self.hex(text, separator: ":"))""#
      let line = #"""
        {"timestamp":"1777622400000","layers":{"frame":{"frame_frame_time_epoch":"\#(time)"},
        "tcp":{"tcp_tcp_srcport":"\#(from)","tcp_tcp_dstport":"\#(to)","tcp_tcp_stream":"\#(stream)",
        "tcp_tcp_seq":"\#(seq)","tcp_tcp_len":"\#(text.utf8.count)",
        "tcp_tcp_flags":"\#(flagText)"\#(payload)}}}
        """#
      return #"{"index":{"_index":"packets"}}"# + "\n" + line.filter { $0 != "\n" } + "\n"
    }
  }

  static func file(_ segments: [Segment], _ form: Form = .fields) -> String {
    let items = segments.map { $0.json(form) }
    return form == .elasticsearch
      ? items.joined() : "[\n" + items.joined(separator: ",\n") + "\n]\n"
  }
}

@Suite("Packets of tshark")
struct TSharkFormatTests {
  private static let request =
    "POST /v1/chat HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 2\r\n\r\n{}"
  private static let head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
  private static let chunks = [
    "9\r\ndata: a\n\n\r\n", "a\r\ndata", ": b", "c\n\n\r\n0\r\nX-T: 1\r\n\r\n",
  ]

  /// The answer in segments, and the request before it.
  private static func stream(end: Int = 0x11) -> [Segment] {
    var segments = [
      Segment(micros: 0, isClient: true, seq: 0, flags: 2),
      Segment(micros: 5, isClient: false, seq: 0, flags: 0x12),
      Segment(micros: 10, isClient: true, seq: 1, text: request),
    ]
    var seq = 1
    for (number, text) in ([head] + chunks).enumerated() {
      segments.append(Segment(micros: 100 + number * 1000, isClient: false, seq: seq, text: text))
      seq += text.utf8.count
    }
    segments.append(Segment(micros: 9000, isClient: false, seq: seq, flags: end))
    return segments
  }

  private static func isRight(_ capture: Capture) -> Bool {
    capture.text == "data: a\n\ndata: bc\n\n" && capture.ends == [9, 13, 16, 19]
      && capture.arrivals == [1090, 2090, 3090, 4090]
      && capture.request.url == "http://api.example.com/v1/chat"
      && capture.request.body == Array("{}".utf8) && capture.framing == .chunked
      && capture.trailers == [HeaderField("X-T", "1")] && capture.ending == .complete
      && capture.at == 1_777_622_400_000_010
  }

  @Test("Each segment of an answer has its time, in each form of tshark's JSON", arguments: 0..<3)
  func forms(form: Int) throws {
    let form = Segment.Form.allCases[form]
    let captures = try ReadFile("tshark", Segment.file(Self.stream(), form)).captures
    #expect(captures.count == 1)
    #expect(Self.isRight(captures[0]))
    let opening = Opening(bytes: Array(Segment.file(Self.stream(), form).utf8), fileName: "x")
    #expect(ImportFormats.detect(opening)?.name == "tshark")
  }

  @Test("Segments that come twice, overlap, or come in another order are put in order")
  func order() throws {
    var segments = Self.stream()
    segments.swapAt(4, 6)  // the chunk "9…" behind ": b", with the times that they then have
    segments.insert(segments[7], at: 5)
    segments.insert(segments[3], at: 8)
    var early = segments[6]
    early.seq -= 3
    early.text = "xyz" + early.text
    segments.append(early)
    let capture = try #require(try ReadFile("tshark", Segment.file(segments)).captures.first)
    #expect(capture.text == "data: a\n\ndata: bc\n\n")
    #expect(capture.ending == .complete)
    // What waited for the missing segment can be read when that comes.
    #expect(capture.arrivals == [1090])
  }

  @Test("Sequence numbers may be absolute, and pass 2^32 within an answer")
  func wrapping() throws {
    let base = Int(UInt32.max) - 120
    var segments = Self.stream()
    for index in segments.indices where !segments[index].isClient {
      segments[index].seq = (segments[index].seq + base) % (1 << 32)
    }
    segments.removeFirst(2)
    #expect(
      Self.isRight(try #require(try ReadFile("tshark", Segment.file(segments)).captures.first)))
  }

  @Test("Two requests of a connection, and two connections, stand in the order of the requests")
  func several() throws {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"
    let get = "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
    let segments = [
      Segment(micros: 0, isClient: true, seq: 1, text: Self.request),
      Segment(micros: 1, isClient: true, seq: 1, text: get, stream: 1),
      Segment(micros: 2, isClient: false, seq: 1, text: answer + "y", stream: 1),
      Segment(micros: 3, isClient: false, seq: 1, text: answer + "x"),
      Segment(micros: 4, isClient: true, seq: 1 + Self.request.utf8.count, text: get),
      Segment(micros: 5, isClient: false, seq: 1 + answer.utf8.count + 1, text: answer + "z"),
    ]
    let captures = try ReadFile("tshark", Segment.file(segments)).captures
    #expect(captures.map(\.text) == ["x", "y", "z"])
    #expect(captures.map(\.request.method) == ["POST", "GET", "GET"])
  }

  @Test(
    "How the connection ended is how the answer ended",
    arguments: [
      (0x11, false, Ending.How.truncated, "the server closed the connection"),
      (0x14, false, .reset, "the server reset the connection"),
      (0x14, true, .truncated, "the client reset the connection"),
      (0x10, false, .truncated, "the capture ends before the answer does"),
    ])
  func endings(flags: Int, isClient: Bool, how: Ending.How, detail: String) throws {
    var segments = Array(Self.stream().prefix(6))
    let last = segments[5]
    segments.append(
      Segment(
        micros: 5000, isClient: isClient,
        seq: isClient ? 1 + Self.request.utf8.count : last.seq + last.text.utf8.count, flags: flags)
    )
    let capture = try #require(try ReadFile("tshark", Segment.file(segments)).captures.first)
    #expect(capture.text == "data: a\n\ndata")
    #expect(capture.ending == how)
    #expect(capture.endingDetail?.hasPrefix(detail) == true)
  }

  @Test("Bytes that the capture lacks end the answer, and that is said")
  func gap() throws {
    var segments = Self.stream()
    segments.remove(at: 5)
    let capture = try #require(try ReadFile("tshark", Segment.file(segments)).captures.first)
    #expect(capture.text == "data: a\n\n")
    #expect(capture.ending == .truncated)
    #expect(capture.endingDetail?.hasPrefix("segments are missing in the capture") == true)
  }

  @Test("Segments behind one that never comes are not kept for ever")
  func manyPending() throws {
    var segments = Array(Self.stream().prefix(3))
    for number in stride(from: 5000, to: 0, by: -1) {
      segments.append(Segment(micros: 20, isClient: false, seq: 1 + number, text: "x"))
    }
    segments.append(contentsOf: Self.stream().dropFirst(3))
    let capture = try #require(try ReadFile("tshark", Segment.file(segments)).captures.first)
    #expect(capture.status == nil)
    #expect(capture.endingDetail?.hasPrefix("segments are missing in the capture") == true)
  }

  @Test("Of messages that tshark put together only the end has a time")
  func reassembled() throws {
    let whole = ([Self.head] + Self.chunks).joined()
    let last = Self.chunks[3]
    let segments = [
      Segment(micros: 10, isClient: true, seq: 1, text: Self.request),
      Segment(
        micros: 4100, isClient: false, seq: 1 + whole.utf8.count - last.utf8.count, text: last,
        reassembled: whole),
    ]
    let file = try ReadFile("tshark", Segment.file(segments, .layers))
    let capture = try #require(file.captures.first)
    #expect(capture.text == "data: a\n\ndata: bc\n\n")
    #expect(capture.times == .span(head: .zero, end: Microseconds(saturating: 4090)))
    #expect(capture.losses.count == 1)
  }

  @Test("What is not HTTP/1 is left out, and counted")
  func foreign() throws {
    let segments =
      [
        Segment(micros: 0, isClient: true, seq: 1, text: "\u{16}\u{3}\u{1}..", stream: 7),
        Segment(
          micros: 1, isClient: true, seq: 1, text: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", stream: 8),
        Segment(
          micros: 2, isClient: true, seq: 1, text: "CONNECT a:443 HTTP/1.1\r\n\r\n", stream: 9),
      ] + Self.stream()
    let file = try ReadFile("tshark", Segment.file(segments))
    #expect(file.captures.count == 1)
    #expect(Self.isRight(file.captures[0]))
    #expect(
      Set(file.notes) == [
        "connections left out that are encrypted: let tshark decrypt them, or export a HAR in place "
          + "of it: 1",
        "connections left out that speak HTTP/2, which is not read from packets: 1",
        "connections left out that are tunnels: 1",
      ])
  }

  @Test("A file that is cut anywhere fails with its place")
  func cuts() throws {
    for form in Segment.Form.allCases {
      try expectCutsAreSafe("tshark", Array(Segment.file(Self.stream(), form).utf8)) {
        $0.body == $1.body && $0.request.url == $1.request.url
      }
    }
  }

  @Test("Values of other types fail with their place, or say nothing")
  func mutations() throws {
    let text = Segment.file(Self.stream())
    try expectMutationsAreSafe(
      "tshark", text,
      [
        #"["0x0002"]"#, #"["40000"]"#, #"["80"]"#, #"["0"]"#, #"["1777622400.000000789"]"#,
        #""1777622400.000010789""#, #"["0x0018"]"#, #""tcp.payload""#,
      ])
    try expectMutationsAreSafe(
      "tshark", Segment.file(Self.stream(), .layers),
      [#"{"frame.time_epoch":"#, #""ip.src""#].map {
        $0.hasPrefix("{") ? #""1777622400.000000789""# : $0
      })
  }

  @Test("Fields that are missing are asked for by name")
  func missing() throws {
    for (field, advice) in [
      ("tcp.payload", "tcp.payload"), ("frame.time_epoch", "frame.time_epoch"),
      ("tcp.srcport", "tcp.srcport"),
    ] {
      let text = Segment.file(Self.stream()).replacing("\"\(field)\"", with: "\"x\"")
      #expect {
        try ReadFile("tshark", text)
      } throws: {
        saysWhere($0) && "\($0)".contains("-e \(advice)") || "\($0)".contains(advice)
      }
    }
  }
}
