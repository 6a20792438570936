import Cassettes
import HTTP
import Libc
import Recorder
import Redaction
import Testing

@Suite("Recording into a cassette", .timeLimit(.minutes(1)))
final class RecordingTests {
  private let folder: String
  private let recorder: StreamRecorder
  private var path: String { folder + "/a.tape" }

  init() throws {
    var template = Array("/tmp/recorder-tests-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SocketError("mkdtemp") }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    recorder = try StreamRecorder()
  }

  deinit { _ = system("rm -r \(folder)") }

  private func files() -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafePointer(to: entry.pointee.d_name) { name in
          name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }

  private func read() throws -> [Exchange] {
    var reader = try CassetteReader(path: path)
    var exchanges: [Exchange] = []
    while let exchange = try reader.next() { exchanges.append(exchange) }
    return exchanges
  }

  @Test("keeps the exchange as it came, without its secrets, and leaves no spool")
  func wholeExchange() async throws {
    let key = "sk-ant-0123456789abcdef"
    let server = try ScriptedServer([
      .request,
      .send("HTTP/1.1 200 OK\r\nbad name: x\r\nSet-Cookie: a\r\n"),
      .send("Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"),
      ScriptedServer.chunk("data: sk-ant-01234"), .pause,
      ScriptedServer.chunk("56789abcdef\n\ndata: b\n\n"), .send("0\r\nx-sum: 1\r\n\r\n"),
    ])
    let request = RecordingRequest(
      url: server.url + "/v1?key=k", method: "POST", headers: [HeaderField("x-api-key", key)],
      body: Array("{\"a\":\"\(key)\"}".utf8))
    var last = RecordingProgress?.none
    let exchange = try await Recording.run(request, to: path, recorder: recorder) { progress in
      if progress.bytes > 0 { server.proceed() }
      last = progress
    }
    #expect(try read() == [exchange])
    #expect(files() == ["a.tape"])
    #expect(exchange.ending.how == .complete)
    #expect(exchange.request.headers.value(of: "host") != nil)
    #expect(exchange.request.headers.value(of: "x-api-key") == String(repeating: "*", count: 23))
    #expect(exchange.request.url == server.url + "/v1?key=*")
    #expect(exchange.request.by == "tapedeck 0.1.0")
    #expect(exchange.request.id.count == 16)
    #expect(
      exchange.body
        == Array("data: \(String(repeating: "*", count: 23))\n\ndata: b\n\n".utf8))
    #expect(exchange.chunks.map(\.end) == [18, 40])
    #expect(exchange.trailers?.fields == [HeaderField("x-sum", "1")])
    #expect(exchange.asides.count == 1)
    #expect(last?.events == 2)
    #expect(last?.bytes == 40)
    #expect(last?.timeToFirstByte == exchange.head?.at)
    #expect(last?.elapsed == exchange.ending.at)
    #expect(SecretScanner().findings(in: exchange).isEmpty)
  }

  @Test("keeps a request that was never answered, and adds to what is there")
  func unreachable() async throws {
    let port = try ScriptedServer.closedPort()
    for count in 1...2 {
      let exchange = try await Recording.run(
        RecordingRequest(url: "http://127.0.0.1:\(port)/"), to: path, recorder: recorder)
      #expect(exchange.ending.how == .unreachable)
      #expect(try read().count == count)
    }
    #expect(files() == ["a.tape"])
  }

  @Test("keeps what had come when its task is cancelled")
  func cancelled() async throws {
    let server = try ScriptedServer([
      .request, .send(ScriptedServer.chunkedHead), ScriptedServer.chunk("a"), .hold,
    ])
    let (bodies, body) = AsyncStream.makeStream(of: Void.self)
    let task = Task { [recorder, path] in
      try await Recording.run(RecordingRequest(url: server.url), to: path, recorder: recorder) {
        if $0.bytes > 0 { body.finish() }
      }
    }
    for await _ in bodies {}
    task.cancel()
    let exchange = try await task.value
    #expect(exchange.ending.how == .cancelled)
    #expect(exchange.body == Array("a".utf8))
    #expect(try read() == [exchange])
  }

  @Test("finds out that there is no place for the cassette before it sends anything")
  func noDirectory() async throws {
    let server = try ScriptedServer([.request])
    await #expect(throws: CassetteError.self) {
      try await Recording.run(
        RecordingRequest(url: server.url), to: "\(folder)/none/a.tape", recorder: recorder)
    }
    await #expect(throws: RecordingError.self) {
      try await Recording.run(RecordingRequest(url: "ftp://h/"), to: path, recorder: recorder)
    }
    #expect(files().isEmpty)
    #expect(server.requests.isEmpty)
  }

  @Test(
    "finds out that nothing can be recorded there before it sends anything, and leaves no spool",
    arguments: [
      "", "/dev/null", "FOLDER", "FOLDER/pipe", "FOLDER/program.py", "FOLDER/newer.tape",
    ])
  func unusableTarget(path: String) async throws {
    _ = system(
      "cd \(folder) && mkfifo pipe && echo import >program.py && echo '{\"tapedeck\":2}' >newer.tape"
    )
    let before = files()
    let server = try ScriptedServer([.request])
    let path = path.hasPrefix("FOLDER") ? folder + path.dropFirst(6) : path
    await #expect(throws: CassetteError.self) {
      try await Recording.run(
        RecordingRequest(url: server.url), to: path, recorder: recorder)
    }
    #expect(server.requests.isEmpty)
    #expect(files() == before)
    #expect(before.count == 3)
  }

  @Test("a symbolic link that leads to nothing yet gets the cassette, and no spool stays")
  func danglingLink() async throws {
    _ = system("ln -s real.tape \(folder)/a.tape")
    let server = try ScriptedServer([
      .request, .send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"),
    ])
    let exchange = try await Recording.run(
      RecordingRequest(url: server.url), to: path, recorder: recorder)
    #expect(try read() == [exchange])
    #expect(files() == ["a.tape", "real.tape"])
  }
}
