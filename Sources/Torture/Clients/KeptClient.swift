internal import Judging
internal import Libc
internal import LosslessJSON
internal import Units

/// A client that is a command which is started once, for clients that are slow to start.
///
/// It reads one base URL a line from standard input, and answers each with one JSON line:
/// `{"text":"…","error":null|"…","finish":"…"}`. One that ends, or takes too long, is started again
/// for the next case.
package struct KeptClient: TortureClient {
  private let words: [String]
  private let environment: [String]
  private let limitBytes: Int
  private let stop: Int32
  private var kept: Kept?

  /// A client that runs.
  private final class Kept {
    var child: ChildProcess
    var output: CommandOutput

    init(_ child: consuming ChildProcess, _ output: CommandOutput) {
      self.child = child
      self.output = output
    }
  }

  /// Creates a client.
  ///
  /// - Parameters:
  ///   - words: The program, which is looked for as a shell does, and its arguments.
  ///   - limitBytes: How much of an answer is kept.
  ///   - stop: A descriptor that can be read from once everything is to end, or -1.
  ///   - variables: The variables that it has beside those of this program.
  package init(
    _ words: [String], limitBytes: Int, stop: Int32 = -1, variables: [(String, String)]
  ) {
    self.words = words
    // JSON needs up to six bytes for one, as in \u0000.
    self.limitBytes = limitBytes.multipliedReportingOverflow(by: 6).partialValue
    self.stop = stop
    let all = ProcessEnvironment.current.merging(variables) { $1 }
    environment = all.map { "\($0)=\($1)" }
  }

  package mutating func visit(_ visit: ClientVisit) throws(ClientError) -> ClientAccount {
    let running = stillRunning()
    var kept: Kept
    if let running { kept = running } else { kept = try start() }
    self.kept = nil
    let line = Array("\(visit.baseURL)\n".utf8)
    var answer = answer(of: kept, to: line, within: visit.clock)
    // One that was about to end has not even read the line; that says nothing of this case.
    if running != nil, case .ended(let end) = answer, end != .timedOut, !visit.clock.hasBegun {
      kept = try start()
      answer = self.answer(of: kept, to: line, within: visit.clock)
    }
    switch answer {
    case .line(let line):
      self.kept = kept
      return Self.account(of: line, kept.output)
    case .tooLong:
      return ClientAccount(
        delivered: Delivered(text: [], claim: nil),
        failure: "the client's answer has no line end within \(limitBytes) bytes")
    case .ended(let end):
      let claim: Delivered.Claim? = end == .timedOut ? nil : .error
      return ClientAccount(
        delivered: Delivered(
          text: [], claim: claim, error: CommandClient.lastLine(of: kept.output.said), end: end),
        said: kept.output.said)
    }
  }

  /// The client that runs, unless it has ended, or said something that nobody asked for: its next
  /// line would be taken for the next case's.
  private func stillRunning() -> Kept? {
    guard let kept, kept.child.ended() == nil else { return nil }
    _ = kept.output.take(from: kept.child.output)
    guard kept.output.bytes.isEmpty else { return nil }
    kept.output.forgetMarks()
    return kept
  }

  private func start() throws(ClientError) -> Kept {
    do throws(SystemError) {
      return Kept(
        try ChildProcess(words, environment: environment, takesInput: true),
        CommandOutput(limitBytes: limitBytes))
    } catch {
      throw ClientError(starting: words.first ?? "", error)
    }
  }

  /// What comes of a base URL that was written to a client.
  private enum Answer {
    case line([UInt8])
    case tooLong
    case ended(Delivered.End)
  }

  private func answer(of kept: Kept, to line: [UInt8], within clock: CaseClock) -> Answer {
    var clock = clock
    var watch = ChildWatch()
    var rest = line[...]
    while true {
      watch.writesInput = !rest.isEmpty
      let sight = watch.wait(for: kept.child, stop: stop, until: clock.waiting())
      if sight.input { rest = Self.write(rest, to: kept.child.input) }
      if sight.output { watch.readsOutput = kept.output.take(from: kept.child.output) }
      if sight.error { watch.readsError = kept.output.takeError(from: kept.child.error) }
      if let line = kept.output.takeLine() { return .line(line) }
      if kept.output.isCut { return .tooLong }
      let isOver = sight.stop || Instant.now() >= clock.deadline()
      if isOver || !watch.readsOutput || kept.child.ended() != nil {
        // What ends here is seen to its end by what a single run does.
        let end = CommandClient.run(
          &kept.child, within: isOver ? CaseClock(until: .now()) : clock, stop: stop, &kept.output)
        return kept.output.takeLine().map { .line($0) } ?? .ended(end)
      }
    }
  }

  private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> ArraySlice<UInt8> {
    let count = bytes.withUnsafeBytes { Libc.write(descriptor, $0.baseAddress, $0.count) }
    // One that reads no more has ended, or is about to.
    return bytes.dropFirst(count > 0 ? count : errno == EAGAIN || errno == EINTR ? 0 : bytes.count)
  }

  /// What a line says.
  private static func account(of line: [UInt8], _ output: CommandOutput) -> ClientAccount {
    guard let answer = try? JSONValue(parsing: line), case .string(let text)? = answer["text"]
    else {
      let shown = String(decoding: line.prefix(80), as: UTF8.self)
      return ClientAccount(
        delivered: Delivered(text: [], claim: nil), said: output.said,
        failure:
          "the client answered '\(shown)': expected one JSON line with text, error and finish")
    }
    let error = answer["error"].flatMap(Self.text)
    let delivered = Delivered(
      text: text, claim: error == nil ? .complete : .error, error: error,
      finish: answer["finish"].flatMap(Self.text))
    return ClientAccount(
      delivered: delivered, marks: [(.now(), text.count)], said: output.said)
  }

  /// A member's text; nil where it is null.
  private static func text(_ value: JSONValue) -> String? {
    switch value {
    case .null: nil
    case .string(let text): String(decoding: text, as: UTF8.self)
    default: String(decoding: value.bytes, as: UTF8.self)
    }
  }
}
