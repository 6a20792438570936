internal import Judging
internal import Libc
internal import Units

/// A client that is a command, started once for each case.
///
/// It prints the text that it delivers on standard output, and exits with 0 only if it believes
/// that the answer is whole.
package struct CommandClient: TortureClient {
  /// The program and its arguments.
  private let words: [String]

  /// The variables of a base URL, beside those that this program has.
  private let variables: @Sendable (_ baseURL: String) -> [(String, String)]

  /// Everything that this program has, by name.
  private let inherited: [String: String]

  private let limitBytes: Int
  private let stop: Int32

  /// How long a command may take to end when it is told to.
  private static let grace: Int64 = 300_000_000

  /// Creates a client.
  ///
  /// - Parameters:
  ///   - words: The program, which is looked for as a shell does, and its arguments.
  ///   - limitBytes: How much of what it prints is kept.
  ///   - stop: A descriptor that can be read from once everything is to end, or -1.
  ///   - variables: The variables by which clients find a base URL.
  package init(
    _ words: [String], limitBytes: Int, stop: Int32 = -1,
    variables: @escaping @Sendable (_ baseURL: String) -> [(String, String)]
  ) {
    self.words = words
    self.limitBytes = limitBytes
    self.stop = stop
    self.variables = variables
    inherited = ProcessEnvironment.current
  }

  package func visit(_ visit: ClientVisit) throws(ClientError) -> ClientAccount {
    var environment = inherited
    for (name, value) in variables(visit.baseURL) { environment[name] = value }
    environment["TAPEDECK_CASE"] = visit.caseID
    environment["TAPEDECK_OUTCOME_URL"] = visit.outcomeURL
    var child: ChildProcess
    do {
      child = try ChildProcess(
        words, environment: environment.map { "\($0)=\($1)" }, takesInput: false)
    } catch {
      throw ClientError(starting: words.first ?? "", error)
    }
    var output = CommandOutput(limitBytes: limitBytes)
    let end = Self.run(&child, within: visit.clock, stop: stop, &output)
    return ClientAccount(
      delivered: Self.delivered(output, end), marks: output.marks, said: output.said)
  }

  /// What a command says by its exit code.
  private static func delivered(_ output: CommandOutput, _ end: Delivered.End) -> Delivered {
    let claim: Delivered.Claim? =
      switch end {
      case .exited(let code): code == 0 ? .complete : .error
      case .signaled: .error
      case .timedOut, .answered: nil
      }
    // The last line of standard error is where programs say what went wrong.
    let error = claim == .error ? lastLine(of: output.said) : nil
    return Delivered(
      text: output.bytes, claim: claim, error: error, end: end, isCut: output.isCut)
  }

  static func lastLine(of said: [UInt8]) -> String? {
    let lines = said.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d })
    return lines.last { line in line.contains { $0 > 0x20 } }
      .map { String(decoding: $0.suffix(400), as: UTF8.self) }
  }

  /// Reads what a child prints until it ends, or ends it when its time is up, and then all of its
  /// group.
  static func run(
    _ child: inout ChildProcess, within clock: CaseClock, stop: Int32,
    _ output: inout CommandOutput
  ) -> Delivered.End {
    var clock = clock
    var watch = ChildWatch()
    var kill: Instant?
    while true {
      let sight = watch.wait(
        for: child, stop: kill == nil ? stop : -1, until: kill ?? clock.waiting())
      if sight.output { watch.readsOutput = output.take(from: child.output) }
      if sight.error { watch.readsError = output.takeError(from: child.error) }
      if let status = child.ended() {
        // What it wrote before its end is in the pipes; what it left behind may write for ever.
        _ = output.take(from: child.output)
        _ = output.takeError(from: child.error)
        guard kill == nil else { return .timedOut }
        switch status {
        case .exited(let code): return .exited(code)
        case .signaled(let number): return .signaled(number)
        }
      }
      let now = Instant.now()
      if let kill, now >= kill { return .timedOut }
      if kill == nil, now >= clock.deadline() || sight.stop {
        child.signal(SIGTERM)
        kill = now.after(nanoseconds: grace)
      }
    }
  }
}

/// The variables of this program.
enum ProcessEnvironment {
  /// All of them, by name.
  static var current: [String: String] {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if let sign = text.firstIndex(of: "=") {
        variables[String(text[..<sign])] = String(text[text.index(after: sign)...])
      }
      next += 1
    }
    return variables
  }
}
