import ArgumentParser
import Cassettes
import JSON
import Libc
import Planning
import Recorder

/// `tapedeck record`: record one request.
struct Record: AsyncParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    abstract: "Record one live request into a cassette.",
    discussion: """
      The bytes of the answer are kept as they arrive, with the time of each
      arrival and how the stream ended, failures included. Credentials are redacted
      before anything is written. Ctrl-C ends the recording and keeps what came.

        tapedeck record https://api.anthropic.com/v1/messages \\
            -H "x-api-key: $ANTHROPIC_API_KEY" -H 'anthropic-version: 2023-06-01' \\
            -d @request.json -o hello.tape
        tapedeck record http://127.0.0.1:8080/v1/chat/completions \\
            -d '{"model":"m","stream":true,"messages":[]}' -o chat.tape --append

      A stream that broke and was recorded is exit code 0; where no answer came at
      all, that is recorded too, and the exit code is 69.
      """)

  static let settableOptions =
    ["request", "header", "data", "output"] + ConnectionOptions.names + RedactionOptions.names
  static let repeatableOptions = ["header"] + RedactionOptions.repeatable
  static let settableFlags = ["append", "json"] + ConnectionOptions.flags
  static let shortNames: [Character: String] = [
    "X": "request", "H": "header", "d": "data", "o": "output", "k": "insecure", "L": "location",
  ]

  @Argument(help: ArgumentHelp("What to ask.", valueName: "url"))
  var url: String

  @Option(
    name: [.customShort("X"), .customLong("request")],
    help: ArgumentHelp("The method; GET, or POST with a body.", valueName: "method"))
  var method: String?

  @Option(
    name: [.customShort("H"), .customLong("header")],
    help: ArgumentHelp("A request header; may repeat.", valueName: "name: value"))
  var headers: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The body; @FILE for a file's, @- for standard input's.", valueName: "data"))
  var data: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("The cassette.", valueName: "file"))
  var output: String

  @Flag(help: "Add to the cassette where it exists.")
  var append = false

  @Flag(help: "Print the exchange as JSON for machines.")
  var json = false

  @OptionGroup(title: "Secrets")
  var redaction: RedactionOptions

  @OptionGroup(title: "The connection")
  var connection: ConnectionOptions

  @OptionGroup
  var settings: ConfigurationOption

  func run() async throws {
    let rules = try redaction.rules()
    let request = RecordingRequest(
      url: url, method: method ?? (data == nil ? "GET" : "POST"), headers: try fields(),
      body: try body(), options: try connection.options())
    guard !output.isEmpty else { throw Failure(.usage, "-o needs the name of a cassette") }
    if !append, access(output, F_OK) == 0 {
      throw Failure(.usage, "\(output) exists: take another name, or add to it with --append")
    }
    let exchange = try await record(request, rules)
    if json {
      let summary = ExchangeJSON.summary(of: exchange, number: 1)
      Console.write(summary.bytes + [UInt8(ascii: "\n")])
    } else {
      Console.print(Self.line(for: exchange, in: output))
    }
    let advice = TLSProbe.advice(on: exchange, url: url)
    if exchange.ending.how == .unreachable {
      throw Failure(
        .unavailable,
        "\(Redaction.redact(url: url, by: rules)): no answer: \(exchange.ending.detail ?? "unreachable")"
          + "\(advice) (recorded in \(output))")
    }
    if !advice.isEmpty { Console.warn("\(Redaction.redact(url: url, by: rules))\(advice)") }
  }

  private func record(
    _ request: RecordingRequest, _ rules: RedactionRules
  ) async throws -> Exchange {
    let recorder = try StreamRecorder()
    defer { recorder.shutdown() }
    let path = output
    let recording = Task {
      let meter = ProgressMeter()
      defer { meter.clear() }
      return try await Recording.run(request, to: path, recorder: recorder, rules: rules) {
        meter.show($0)
      }
    }
    let stop = StopSignals()
    let stopping = Task {
      for await _ in stop.stream { recording.cancel() }
    }
    defer { stopping.cancel() }
    return try await recording.value
  }

  private func fields() throws -> [HeaderField] {
    try headers.enumerated().map { number, header in
      guard let colon = header.utf8.firstIndex(of: UInt8(ascii: ":")) else {
        // What stands there may be a key.
        throw Failure(.usage, "--header: number \(number + 1) has no colon: write 'name: value'")
      }
      let value = header[header.utf8.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      return HeaderField(String(header[..<colon]), String(value))
    }
  }

  private func body() throws -> [UInt8] {
    guard let data else { return [] }
    guard data.hasPrefix("@") else { return Array(data.utf8) }
    return try InputFile.read(String(data.dropFirst()), limitBytes: 256 << 20)
  }

  private static func line(for exchange: Exchange, in path: String) -> String {
    let status = exchange.head.map { "status \($0.status)" } ?? "no answer"
    let events = ExchangeJSON.events(of: exchange).count
    var line =
      "\(path): \(status), \(TextForm.grouped(events)) events, "
      + "\(TextForm.grouped(exchange.body.count)) bytes in \(exchange.chunks.count) chunks, "
      + "\(TextForm.time(exchange.ending.at)), \(exchange.ending.how.rawValue)"
    if let detail = exchange.ending.detail { line += " (\(detail))" }
    return line
  }
}
