import ArgumentParser
import Cassettes
import EventStream
import HTTP
import Libc
import LosslessJSON
import Planning
import Recorder
import Redaction

/// `tapedeck record`: record one request.
struct Record: AsyncParsableCommand, SettableVerb {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Record one live request into a cassette.",
    discussion: """
      The bytes of the answer are kept as they arrive, with the time of each
      arrival and how the stream ended, failures included. Credentials are redacted
      before anything is written. Ctrl-C ends the recording and keeps what came.

        tapedeck record https://api.anthropic.com/v1/messages \\
            -H @key.txt -H 'anthropic-version: 2023-06-01' \\
            -d @request.json -o hello.tape
        tapedeck record http://127.0.0.1:8080/v1/chat/completions \\
            -d '{"model":"m","stream":true,"messages":[]}' -o chat.tape --append

      Every user of the machine can see arguments, so keep a key in a file, one
      header a line ('x-api-key: sk-...'), and pass it as -H @FILE.

      A stream that breaks is recorded, and the exit code is 0. A request without
      any answer is recorded too, and the exit code is 69.
      """)

  static let settableOptions =
    RequestOptions.names + ["output"] + ConnectionOptions.names + RedactionOptions.names
  static let repeatableOptions = RequestOptions.repeatable + RedactionOptions.repeatable
  static let settableFlags =
    ["append", "force", "silent", "no-buffer", "json"] + ConnectionOptions.flags
  static let shortNames = RequestOptions.shortNames.merging(
    ["o": "output", "k": "insecure", "L": "location", "s": "silent", "N": "no-buffer"]
  ) { $1 }

  @Argument(help: ArgumentHelp("The URL to request.", valueName: "url"))
  var url: String

  @OptionGroup
  var asked: RequestOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The cassette.", valueName: "file"),
    completion: .cassette)
  var output: String

  @Flag(help: "Add to the cassette if it exists.")
  var append = false

  @Flag(help: "Replace the cassette if it exists, once the new one is complete.")
  var force = false

  @Flag(name: [.customShort("s"), .long], help: "Show no progress.")
  var silent = false

  @Flag(
    name: [.customShort("N"), .customLong("no-buffer")],
    help: "Accepted as in curl; output is never buffered.")
  var noBuffer = false

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
      url: url, method: asked.chosenMethod, headers: try asked.fields(), body: try asked.body(),
      options: try connection.options())
    guard !output.isEmpty else { throw Failure(.usage, "-o needs the name of a cassette") }
    guard !(append && force) else {
      throw Failure(
        .usage, "--append adds to \(output), and --force replaces it: use only one of them")
    }
    if !append, !force, access(output, F_OK) == 0 { throw Self.exists(output) }
    let exchange = try await record(request, rules)
    if json {
      let summary = ExchangeJSON.summary(of: exchange, number: 1)
      Console.write(summary.bytes + [UInt8(ascii: "\n")])
    } else {
      Console.print(Self.line(for: exchange, in: output))
    }
    if let secret = SecretScanner().joinedFindings(in: exchange).first {
      Console.warn(
        "\(output) may hold a secret: \(secret): run 'tapedeck redact \(output)'")
    }
    if exchange.head != nil, !exchange.body.isEmpty, !exchange.isEventStream {
      let type = exchange.head?.headers.value(of: "content-type")
      Console.warn(
        "the answer is not an event stream (\(type.map { "content-type \($0)" } ?? "no content-type")): "
          + "it is recorded as received")
    }
    let mayExplain = SchemeProbe.mayExplain(exchange.ending, hasHead: exchange.head != nil)
    let found = mayExplain ? await SchemeProbe(url: url)?.foundAdvice() : nil
    // Where libcurl knew, it is said already.
    let isSaid = found.map { exchange.ending.detail?.contains($0) == true } ?? true
    let advice = isSaid ? "" : ": \(found ?? "")"
    if exchange.ending.how == .unreachable {
      throw Failure(
        .unavailable,
        "\(Redactor.redact(url: url, by: rules)): no answer: \(exchange.ending.detail ?? "unreachable")"
          + "\(advice) (recorded in \(output))")
    }
    if !advice.isEmpty { Console.warn("\(Redactor.redact(url: url, by: rules))\(advice)") }
  }

  private func record(
    _ request: RecordingRequest, _ rules: RedactionRules
  ) async throws -> Exchange {
    let recorder = try StreamRecorder()
    defer { recorder.shutdown() }
    let path = output
    let replaces = force
    let isSilent = silent
    let recording = Task {
      let meter = ProgressMeter()
      defer { meter.clear() }
      return try await Recording.run(
        request, to: path, replacing: replaces, recorder: recorder, rules: rules
      ) {
        if !isSilent { meter.show($0) }
      }
    }
    let stop = StopSignals()
    let stopping = Task {
      for await _ in stop.stream { recording.cancel() }
    }
    defer { stopping.cancel() }
    return try await recording.value
  }

  /// Why nothing is recorded: who asks again after a failure does not want to keep that.
  private static func exists(_ path: String) -> Failure {
    let exchanges = (try? CassetteReader.readAll(path: path)) ?? []
    guard let last = exchanges.last, !exchanges.contains(where: \.isAnswer) else {
      return Failure(
        .usage,
        "\(path) exists: choose another name, add to it with --append, or replace it with --force")
    }
    let what = last.head.map { "status \($0.status), " } ?? ""
    return Failure(
      .usage,
      "\(path) exists and holds no answer (\(what)\(last.ending.how.rawValue)): replace it with "
        + "--force, or add to it with --append")
  }

  private static func line(for exchange: Exchange, in path: String) -> String {
    let status = exchange.head.map { "status \($0.status)" } ?? "no answer"
    let events = EventIndex.count(of: exchange.body)
    var line =
      "\(path): \(status), \(TextForm.count(events, "event")), "
      + "\(TextForm.count(exchange.body.count, "byte")) in "
      + "\(TextForm.count(exchange.chunks.count, "chunk")), "
      + "\(TextForm.time(exchange.ending.at)), \(exchange.ending.how.rawValue)"
    if let detail = exchange.ending.detail { line += " (\(detail))" }
    return line
  }
}
