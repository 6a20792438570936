import Cassettes
import Recorder
import Synchronization
import Testing

@Suite("A recording by callback", .timeLimit(.minutes(1)))
struct ControlTests {
  private static let head = ScriptedServer.chunkedHead
  private let recorder: StreamRecorder

  init() throws { recorder = try StreamRecorder() }

  /// Starts a request; the stream has one element a call.
  private func start(
    _ request: RecordingRequest
  ) throws -> (calls: AsyncStream<[RecordingEvent]>, control: RecordingControl) {
    let (calls, call) = AsyncStream.makeStream(of: [RecordingEvent].self)
    let control = try recorder.start(request) { events in
      call.yield(events)
      if case .ended = events.last { call.finish() }
    }
    return (calls, control)
  }

  private func kind(_ event: RecordingEvent) -> String {
    switch event {
    case .sent: "sent"
    case .head: "head"
    case .chunk(let bytes, _): String(decoding: bytes, as: UTF8.self)
    case .trailers: "trailers"
    case .marker: "marker"
    case .tick: "tick"
    case .ended(let ending, _): "\(ending.how)"
    }
  }

  @Test("gives the same events in the same order as the sequence, never none at once")
  func order() async throws {
    let server = try ScriptedServer([
      .request, .send(Self.head), ScriptedServer.chunk("a"), ScriptedServer.chunk("b"),
      .send("0\r\nx: y\r\n\r\n"),
    ])
    let (calls, control) = try start(RecordingRequest(url: server.url))
    var kinds: [String] = []
    for await events in calls {
      #expect(!events.isEmpty)
      kinds += events.map(kind).filter { $0 != "tick" }
    }
    #expect(kinds == ["sent", "head", "a", "b", "trailers", "complete"])
    control.pause()
    control.resume()
    control.cancel()
  }

  @Test("steering a transfer that has no connection yet does not end it")
  func early() async throws {
    let server = try ScriptedServer([.request, .send(Self.head + "0\r\n\r\n")])
    let (calls, control) = try start(RecordingRequest(url: server.url, method: "POST"))
    // Before the thread of the recorder has come to wait for anything.
    control.resume()
    control.pause()
    control.resume()
    var last: RecordingEvent?
    for await events in calls { last = events.last }
    #expect(last.map(kind) == "complete")
  }

  @Test("what one read brought comes with one call")
  func gathered() async throws {
    let chunks = (0..<50).map { _ in "1\r\nx\r\n" }.joined()
    let server = try ScriptedServer([.request, .send(Self.head + chunks + "0\r\n\r\n")])
    let calls = try start(RecordingRequest(url: server.url)).calls
    var sizes: [Int] = []
    for await events in calls { sizes.append(events.filter { kind($0) == "x" }.count) }
    #expect(sizes.max() == 50)
    #expect(sizes.reduce(0, +) == 50)
  }

  @Test("cancelling says why, once")
  func cancel() async throws {
    let server = try ScriptedServer([.request, .send(Self.head), .hold])
    let (calls, control) = try start(RecordingRequest(url: server.url))
    var last: RecordingEvent?
    for await events in calls {
      if events.map(kind).contains("head") {
        control.cancel(because: "the client left")
        control.cancel(because: "again")
      }
      last = events.last
    }
    guard case .ended(let ending, let failure) = last else {
      Issue.record("no ending")
      return
    }
    #expect(ending.how == .cancelled)
    #expect(ending.detail == "the client left")
    #expect(failure == nil)
  }

  @Test("a paused transfer takes nothing, so that the server has to wait; the recording says so")
  func backPressure() async throws {
    let size = 64 << 20
    let server = try ScriptedServer([
      .request, .send("HTTP/1.1 200 OK\r\ncontent-length: \(size)\r\n\r\n"), .pause,
      .flood(bytes: size),
    ])
    let (calls, control) = try start(
      RecordingRequest(
        url: server.url, options: RecordingOptions(maxBytes: .max, maxChunks: .max)))
    var received = 0
    var receivedAtMarker: Int?
    for await events in calls {
      for event in events {
        switch event {
        case .head:
          control.pause()
          control.pause()
          server.proceed()
          for await sent in server.stalls {
            // Socket buffers hold some megabytes at most.
            #expect(sent > 0 && sent < size / 2)
            break
          }
          control.resume()
        case .chunk(let bytes, _): received += bytes.count
        case .marker(let text, _):
          #expect(text.hasPrefix("paused for ") && text.hasSuffix(" ms: the client took nothing"))
          receivedAtMarker = received
        case .ended(let ending, _): #expect(ending.how == .complete)
        case .sent, .tick, .trailers: break
        }
      }
    }
    #expect(received == size)
    // What libcurl was about to read in the turn in which the pause was asked for.
    #expect(try #require(receivedAtMarker) < 4 << 20)
  }

  @Test("no idle timeout runs while paused, and it runs again from when the transfer goes on")
  func pausedIdle() async throws {
    let server = try ScriptedServer([.request, .pause, .send(Self.head), .hold])
    let options = RecordingOptions(idleTimeout: .milliseconds(300))
    let paused = Mutex<(control: RecordingControl?, ticks: Int)>((nil, -1))
    let (events, event) = AsyncStream.makeStream(of: RecordingEvent.self)
    // Within the callback, so that no reader who is late lets the timeout run first.
    let control = try recorder.start(RecordingRequest(url: server.url, options: options)) {
      events in
      paused.withLock { paused in
        for event in events {
          if case .head = event {
            paused.control?.pause()
            paused.ticks = 0
          }
          guard case .tick = event, paused.ticks >= 0 else { continue }
          paused.ticks += 1
          if paused.ticks == 4 { paused.control?.resume() }
        }
      }
      for one in events { event.yield(one) }
      if case .ended = events.last { event.finish() }
    }
    paused.withLock { $0.control = control }
    server.proceed()
    var resumed: Microseconds?
    var ended: Ending?
    for await event in events {
      if case .marker(_, let time) = event { resumed = time }
      if case .ended(let ending, _) = event { ended = ending }
    }
    let ending = try #require(ended)
    #expect(ending.how == .timeout)
    #expect(try ending.at.count - #require(resumed).count >= 299_000)
    #expect(paused.withLock { $0.ticks } >= 4)
  }

  @Test("a paused transfer can be cancelled, and still runs out of time as a whole")
  func pausedEnd() async throws {
    let server = try ScriptedServer(
      [.request, .send(Self.head), .hold], [.request, .send(Self.head), .hold])
    let (calls, control) = try start(RecordingRequest(url: server.url))
    var kinds: [String] = []
    for await event in calls.flattened {
      if case .head = event {
        control.pause()
        control.cancel()
      }
      if case .tick = event { continue }
      kinds.append(kind(event))
    }
    #expect(kinds == ["sent", "head", "marker", "cancelled"])
    let options = RecordingOptions(maxTime: .milliseconds(300))
    let second = try start(RecordingRequest(url: server.url, options: options))
    for await event in second.calls.flattened {
      if case .head = event { second.control.pause() }
      if case .ended(let ending, _) = event {
        #expect(ending.detail?.contains("--max-time") == true)
      }
    }
  }
}

extension AsyncStream<[RecordingEvent]> {
  /// The events, one by one.
  fileprivate var flattened: AsyncFlatMapSequence<Self, AsyncStream<RecordingEvent>> {
    flatMap { events in
      AsyncStream<RecordingEvent> { continuation in
        for event in events { continuation.yield(event) }
        continuation.finish()
      }
    }
  }
}
