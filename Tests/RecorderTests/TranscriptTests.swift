import Cassettes
import HTTP
import Testing

@testable import Recorder

@Suite("The transcript of a transfer")
struct TranscriptTests {
  private let millisecond: Int64 = 1_000_000

  private func transcript(
    method: String = "GET", body: String = "", options: RecordingOptions = RecordingOptions()
  ) -> Transcript {
    let request = RecordingRequest(
      url: "http://h/", method: method, body: Array(body.utf8), options: options)
    return Transcript(request: request, started: 0)
  }

  private func names(_ transcript: inout Transcript) -> [String] {
    transcript.takeEvents().map { event in
      switch event {
      case .sent(let headers, _): "sent " + headers.map(\.name).joined(separator: ",")
      case .head(let head): "head \(head.status)@\(head.at.count)"
      case .chunk(let bytes, let at): "\(String(decoding: bytes, as: UTF8.self))@\(at.count)"
      case .trailers(let trailers): "trailers@\(trailers.at.count)"
      case .marker(let text, _): text
      case .tick(let at): "tick@\(at.count)"
      case .ended(let ending, _): "\(ending.how)@\(ending.at.count)"
      }
    }
  }

  @Test("counts time from the last byte of the request, rounded down")
  func times() {
    var transcript = transcript(method: "POST", body: "abcdef")
    transcript.send("POST / HTTP/1.1\r\nhost: h\r\n\r\n", isHead: true, now: 5 * millisecond)
    transcript.send("abc", isHead: false, now: 6 * millisecond)
    #expect(names(&transcript).isEmpty)
    #expect(transcript.tick(7 * millisecond) == .tick(at: .zero))
    transcript.send("def", isHead: false, now: 7 * millisecond + 500)
    #expect(names(&transcript) == ["sent host"])
    #expect(transcript.tick(8 * millisecond) == .tick(at: Microseconds(saturating: 999)))
    transcript.line("HTTP/1.1 200 OK\r\n", now: 9 * millisecond)
    transcript.line("\r\n", now: 9 * millisecond + 499)
    transcript.body("x", now: 9 * millisecond + 1_499)
    transcript.body("y", now: 9 * millisecond + 1_500)
    transcript.finish(TransferOutcome(code: 0), now: 10 * millisecond)
    #expect(names(&transcript) == ["head 200@1999", "x@2000", "y@2001", "complete@2999"])
  }

  @Test(
    "a request that may not be repeated is, where HTTP/2 says that nothing came of it",
    arguments: [true, false])
  func unprocessed(isReset: Bool) {
    var transcript = transcript(method: "POST")
    var answers = [transcript.mayAsk(afterReset: false)]
    transcript.send("POST / HTTP/2\r\n\r\n", isHead: true, now: 1)
    // RST_STREAM with REFUSED_STREAM, or a GOAWAY.
    if isReset { transcript.stream.reset(7) } else { transcript.stream.leaveUnprocessed() }
    answers.append(transcript.mayAsk(afterReset: false))
    transcript.send("POST / HTTP/2\r\n\r\n", isHead: true, now: 2)
    transcript.stream.reset(2)
    answers.append(transcript.mayAsk(afterReset: false))
    #expect(answers == [true, true, false])
  }

  @Test("takes a head that comes before the request is whole, and never counts below zero")
  func earlyHead() {
    var transcript = transcript(method: "POST", body: "abcdef")
    transcript.send("POST / HTTP/1.1\r\n\r\nab", isHead: true, now: 5 * millisecond)
    transcript.line("HTTP/1.1 413 No\r\n", now: 4 * millisecond)
    transcript.line("\r\n", now: 4 * millisecond)
    transcript.send("cdef", isHead: false, now: 20 * millisecond)
    transcript.body("x", now: 21 * millisecond)
    #expect(names(&transcript) == ["sent ", "head 413@0", "x@16000"])
  }

  @Test("puts a head together that went out in pieces, and leaves a proxy's tunnel out")
  func pieces() {
    var transcript = transcript()
    transcript.send(
      "CONNECT h:443 HTTP/1.1\r\nproxy-authorization: x\r\n\r\n", isHead: true, now: 1)
    #expect(names(&transcript).isEmpty)
    transcript.send("GET / HTTP/1.1\r\nho", isHead: true, now: 2)
    transcript.send("st: h\r\naccept: a", isHead: false, now: 3)
    #expect(names(&transcript).isEmpty)
    transcript.send("\r\n\r\n", isHead: false, now: 4)
    #expect(names(&transcript) == ["sent host,accept"])
  }

  @Test("has only the last of several heads, and the trailers behind the body")
  func heads() {
    var transcript = transcript(options: RecordingOptions(followRedirects: true))
    transcript.send("GET / HTTP/1.1\r\na: 1\r\n\r\n", isHead: true, now: 0)
    for line in ["HTTP/1.1 103 Early\r\n", "x: y\r\n", "\r\n", "HTTP/1.1 302 Go\r\n"] {
      transcript.line(line, now: 1000)
    }
    transcript.line("Location: /b\r\n", now: 1000)
    transcript.line("\r\n", now: 1000)
    #expect(names(&transcript) == ["sent a", "interim answer: 103"])
    transcript.send("GET /b HTTP/1.1\r\nb: 1\r\n\r\n", isHead: true, now: 2000)
    transcript.line("HTTP/1.1 200 OK\r\n", now: 5000)
    transcript.line("\r\n", now: 5000)
    transcript.body("x", now: 5000)
    transcript.line("x-sum: 1\r\n", now: 7000)
    transcript.line("\r\n", now: 7000)
    transcript.finish(TransferOutcome(code: 0), now: 9000)
    #expect(
      names(&transcript) == [
        "followed a redirect: 302 to /b", "head 200@3", "x@3", "trailers@5", "complete@7",
      ])
  }

  @Test(
    "has a redirect as the answer where it could not be followed, but not where what follows failed"
  )
  func redirectsThatFail() {
    let isAnswer = ["head 302@0", "complete@0"]
    for (code, wanted) in [(47, isAnswer), (1, isAnswer), (3, isAnswer), (7, ["unreachable@0"])] {
      var transcript = transcript(options: RecordingOptions(followRedirects: true))
      for line in ["HTTP/1.1 302 Go\r\n", "Location: /b\r\n", "\r\n"] {
        transcript.line(line, now: 0)
      }
      transcript.finish(TransferOutcome(code: code), now: 0)
      #expect(names(&transcript) == wanted)
    }
  }

  @Test("gives up after the first-byte timeout, then the idle timeout, and max-time before either")
  func deadlines() {
    var options = RecordingOptions(firstByteTimeout: .seconds(5), idleTimeout: .seconds(2))
    var transcript = transcript(options: options)
    #expect(transcript.deadline == nil)
    transcript.send("GET / HTTP/1.1\r\n\r\n", isHead: true, now: 1000)
    #expect(transcript.deadline?.at == 5_000_001_000)
    transcript.line("HTTP/1.1 200 OK\r\n", now: 2000)
    #expect(transcript.deadline?.at == 5_000_001_000)
    transcript.line("\r\n", now: 3000)
    #expect(transcript.deadline?.at == 2_000_003_000)
    transcript.received(now: 4000)
    #expect(transcript.deadline?.at == 2_000_004_000)
    options.maxTime = .seconds(1)
    #expect(self.transcript(options: options).deadline?.at == 1_000_000_000)
    options.maxTime = .seconds(Int64.max)
    #expect(
      self.transcript(options: options).deadline?.refusal
        == .cancelled(
          "--max-time \(Duration.seconds(Int64.max)) was reached"))
  }

  @Test("says how many header lines were left out")
  func leftOut() {
    var transcript = transcript()
    for line in ["HTTP/1.1 200 OK\r\n", "a b: c\r\n", "x\r\n", "\r\n"] {
      transcript.line(line, now: 0)
    }
    #expect(names(&transcript) == ["head 200@0", "header lines that are not fields, left out: 2"])
  }

  @Test("gives up a head of more than a mebibyte")
  func hugeHead() {
    var transcript = transcript()
    transcript.line("HTTP/1.1 200 OK\r\n", now: 0)
    let line = "x: " + String(repeating: "y", count: 99_997) + "\r\n"
    let taken = (0..<11).map { _ in transcript.line(line, now: 0) }
    #expect(taken == Array(repeating: true, count: 10) + [false])
    transcript.finish(TransferOutcome(code: 23), now: 0)
    #expect(
      transcript.takeEvents().last
        == .ended(
          Ending(how: .unreachable, stage: .request, detail: "the head is longer than 1 MiB"),
          failure: .oversized))
  }
}

extension Transcript {
  fileprivate mutating func send(_ text: String, isHead: Bool, now: Int64) {
    Array(text.utf8).withUnsafeBufferPointer { sent($0, isHead: isHead, now: now) }
  }

  @discardableResult
  fileprivate mutating func line(_ text: String, now: Int64) -> Bool {
    Array(text.utf8).withUnsafeBufferPointer { headerLine($0, now: now) }
  }

  fileprivate mutating func body(_ text: String, now: Int64) {
    let goesOn = Array(text.utf8).withUnsafeBufferPointer { body($0, now: now) }
    #expect(goesOn)
  }
}
