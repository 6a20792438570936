import ArgumentParser
import Cassettes
import Load
import Loading
import Planning

/// When streams are asked for.
struct LoadArrivalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      constant:50/s, poisson:50/s, gamma:50/s,cv=2, ramp:10..500/30s, trace:FILE, or \
      concurrent:200 for 200 at a time; constant:10/s by default.
      """, valueName: "arrivals"))
  var arrivals: String?

  @Option(
    help: ArgumentHelp(
      "How long to start streams; 10s by default without --count.", valueName: "duration"))
  var duration: String?

  @Option(help: ArgumentHelp("How many streams to start at most.", valueName: "n"))
  var count: Int?

  @Option(
    help: ArgumentHelp(
      "Leave streams that are due in this time from the start out of the results.",
      valueName: "duration"))
  var warmup: String?

  @Option(
    help: ArgumentHelp(
      "The seed of arrivals, requests, pauses and cancels, 0 by default.", valueName: "n"))
  var seed: String?

  @Option(
    help: ArgumentHelp("Play a trace this many times as fast, like 10.", valueName: "number"))
  var speed: String?

  @Option(
    help: ArgumentHelp(
      "How many turns a conversation has, like 4 or 2..6; 1 by default.", valueName: "n"))
  var sessionTurns: String?

  @Option(
    help: ArgumentHelp(
      "The pause between a turn and the next: 2s, 1s..4s, or exp:2s for 2s on average.",
      valueName: "duration"))
  var think: String?

  @Option(
    help: ArgumentHelp(
      "Clients that leave early: with 5%@2s, 5 of 100 leave after 2s; may repeat.",
      valueName: "share@duration"))
  var cancel: [String] = []

  @Option(
    help: ArgumentHelp(
      "Run only this share of the schedule, like 2/4 for the second of four processes.",
      valueName: "i/n"))
  var shard: String?

  /// The names of the options.
  static let names = [
    "arrivals", "duration", "count", "warmup", "seed", "speed", "session-turns", "think", "cancel",
    "shard",
  ]

  /// Those of them that may repeat.
  static let repeatable = ["cancel"]

  /// The time in which streams are begun where nothing says how many there are.
  private static let usualDuration = Microseconds(saturating: 10_000_000)

  /// The schedule that was chosen.
  func schedule(choosing choice: RequestChoice) throws -> LoadSchedule {
    let arrivals = try OptionValue.parsed("--arrivals") {
      try Arrivals(parsing: self.arrivals ?? "constant:10/s")
    }
    var schedule = LoadSchedule(arrivals)
    schedule.choice = choice
    schedule.count = try count.map { try positive($0, "--count") }
    schedule.duration = try duration.map { try OptionValue.duration($0, "--duration") }
    if let warmup { schedule.warmup = try OptionValue.duration(warmup, "--warmup") }
    schedule.seed =
      try seed.map { text in
        try OptionValue.parsed("--seed") { try Quantity.seed(text) }
      } ?? 0
    schedule.speed = try speed.map(Self.speed)
    schedule.turns =
      try sessionTurns.map { text in
        try OptionValue.parsed("--session-turns") { try TurnCount(parsing: text) }
      } ?? .one
    schedule.think = try think.map { text in
      try OptionValue.parsed("--think") { try DrawnTime(parsing: text, for: "think time") }
    }
    schedule.departures = try OptionValue.parsed("--cancel") { try Departures(parsing: cancel) }
    schedule.shard =
      try shard.map { text in
        try OptionValue.parsed("--shard") { try Shard(parsing: text) }
      } ?? .whole
    if case .trace(let path) = arrivals {
      schedule.trace = try Trace(path: path)
    } else if schedule.count == nil, schedule.duration == nil {
      schedule.duration = Self.usualDuration
    }
    return schedule
  }

  /// The source of a schedule; its errors are about options together, so no name goes in front.
  static func source(_ schedule: LoadSchedule, of pool: RequestPool) throws -> any OrderSource {
    do {
      return try schedule.source(of: pool)
    } catch {
      throw Failure(.usage, "\(error)")
    }
  }

  private static func speed(_ text: String) throws -> ExactDecimal {
    guard let speed = ExactDecimal(text.hasSuffix("x") ? String(text.dropLast()) : text) else {
      throw Failure(.usage, "--speed '\(text)' is not a number like 10 or 0.5")
    }
    return speed
  }
}

/// What is asked for, and how.
struct LoadClientOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Which request of a cassette comes next: ordered (the default), random, or weights:3,1.",
      valueName: "choice"))
  var requests: String?

  @Option(help: ArgumentHelp("Only this exchange of the cassette, from 1.", valueName: "n"))
  var exchange: Int?

  @Flag(help: "Compare each stream with its recording.")
  var verify = false

  @Option(
    help: ArgumentHelp(
      "The pace that recordings are expected at, and without a URL served at; recorded by default.",
      valueName: "pace"))
  var pace: String?

  @Option(
    help: ArgumentHelp(
      "The longest time to connect, 10s by default.", valueName: "duration"))
  var connectTimeout: String?

  @Option(
    help: ArgumentHelp(
      "How long a stream may be silent, 60s by default.", valueName: "duration"))
  var readTimeout: String?

  @Option(
    help: ArgumentHelp(
      "How long streams may go on after the end of the run; 30s by default, and longer than the "
        + "other timeouts.",
      valueName: "duration"))
  var drainTimeout: String?

  @Flag(help: "Open a connection for each stream.")
  var noKeepAlive = false

  @Option(
    help: ArgumentHelp(
      "The most streams at a time, 16384 by default; any beyond are counted as not sent.",
      valueName: "n"))
  var maxInFlight: Int?

  @Option(
    help: ArgumentHelp("How many event loops share the streams, 1 by default.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Allow a server on another machine: you confirm that you may load it.")
  var yesRemote = false

  /// The names of the options.
  static let names = [
    "requests", "exchange", "pace", "connect-timeout", "read-timeout", "drain-timeout",
    "max-in-flight", "threads",
  ]

  /// The names of the flags.
  static let flags = ["verify", "no-keep-alive", "yes-remote"]

  private static let mostThreads = 64

  /// The options of a run.
  func options(for schedule: LoadSchedule) throws -> LoadOptions {
    var options = LoadOptions()
    options.duration = schedule.duration
    options.verifies = verify
    options.reusesConnections = !noKeepAlive
    if let connectTimeout {
      options.connectTimeout = try OptionValue.duration(connectTimeout, "--connect-timeout")
    }
    if let readTimeout {
      options.readTimeout = try OptionValue.duration(readTimeout, "--read-timeout")
    }
    options.drain =
      try drainTimeout.map { try OptionValue.duration($0, "--drain-timeout") }
      ?? max(options.drain, Self.longerThan(options.readTimeout, options.connectTimeout))
    options.maxInFlight = try mostInFlight(for: schedule) ?? options.maxInFlight
    if let threads {
      guard (1...Self.mostThreads).contains(threads) else {
        throw Failure(.usage, "--threads \(threads) is not from 1 to \(Self.mostThreads)")
      }
      options.threads = threads
    }
    return options
  }

  /// A time in which a stream that is silent has timed out: one that this side gave up at the end
  /// of the run would be no error, and a server that hangs would have none.
  private static func longerThan(_ one: Microseconds, _ other: Microseconds) -> Microseconds {
    let longest = max(one, other)
    return longest + Microseconds(saturating: longest.count / 16 + 1_000_000)
  }

  /// The most streams at a time; nil for the usual number.
  ///
  /// The places of a closed loop are streams at a time too: one that could never ask would count
  /// what it does not send for as long as the run takes.
  private func mostInFlight(for schedule: LoadSchedule) throws -> Int? {
    guard case .concurrent(let places) = schedule.arrivals else {
      return try maxInFlight.map { try positive($0, "--max-in-flight") }
    }
    guard let maxInFlight else { return max(places, LoadOptions().maxInFlight) }
    let share = (places - 1) / schedule.shard.count + 1
    guard try positive(maxInFlight, "--max-in-flight") >= share else {
      throw Failure(
        .usage,
        "--max-in-flight \(maxInFlight) is less than \(schedule.arrivals) asks for at a time: leave "
          + "it out, or write fewer places")
    }
    return maxInFlight
  }

  /// Which request comes next.
  func choice() throws -> RequestChoice {
    try requests.map { text in
      try OptionValue.parsed("--requests") { try RequestChoice(parsing: text) }
    } ?? .ordered
  }

  /// The pace that was chosen.
  func chosenPace() throws -> Pace? {
    try pace.map { text in try OptionValue.parsed("--pace") { try Pace(parsing: text) } }
  }
}

/// What a run must hold.
struct LoadObjectiveOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What must hold, like 'ttft.p99<500ms', 'errors<1%' or 'goodput>45/s'; may repeat.",
      valueName: "objective"))
  var slo: [String] = []

  @Option(
    help: ArgumentHelp(
      "What a stream must hold to count as goodput, like 'ttft<500ms,tpot<50ms'; by default the "
        + "latencies of --slo.", valueName: "bounds"))
  var goodput: [String] = []

  @Flag(help: "Exit with 1 if the generator was late, or a stream was not sent.")
  var strict = false

  @Flag(
    help: "Load an instant replay for two seconds first: can the generator keep the schedule?")
  var selfCheck = false

  /// The names of the options.
  static let names = ["slo", "goodput"]

  /// Those of them that may repeat.
  static let repeatable = ["slo", "goodput"]

  /// The names of the flags.
  static let flags = ["strict", "self-check"]

  /// What was chosen.
  func chosen() throws -> Objectives {
    try OptionValue.parsed("--goodput") { _ = try StreamBounds(parsing: goodput) }
    return try OptionValue.parsed("--slo") { try Objectives(parsing: slo, goodput: goodput) }
  }
}
