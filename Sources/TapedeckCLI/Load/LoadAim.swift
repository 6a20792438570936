import Cassettes
import Deck
import HTTP
import Libc
import Load
import Loading
import Matching
import Planning
import Recorder
import Redaction

/// What is loaded, and with which requests.
struct LoadAim {
  /// The server or the cassettes, as reports name them.
  let name: String

  /// The server; nil for a deck of this process.
  let server: LoadTarget?

  /// What that deck serves; nil where requests come from flags.
  let library: Library?

  /// The requests.
  let pool: RequestPool

  /// The pace that recordings are expected at; nil where there are none.
  let pace: Pace?

  /// Takes the arguments of the verb apart.
  init(
    _ arguments: [String], sample: Bool, limits: LimitOptions, client: LoadClientOptions,
    asked: RequestOptions
  ) throws {
    let urls = arguments.filter { $0.contains("://") }
    let paths = arguments.filter { !$0.contains("://") }
    guard urls.count <= 1 else {
      throw Failure(.usage, "one server is loaded at a time, and \(urls.count) URLs are named")
    }
    guard !urls.isEmpty || !paths.isEmpty || sample else {
      throw Failure(
        .usage, "name a URL or a cassette, like 'tapedeck load hello.tape', or --sample")
    }
    for path in paths where access(path, F_OK) != 0 {
      guard let url = SchemeAdvice.completed(path), url.hasPrefix("http://") else { continue }
      throw Failure(.noInput, "\(path): there is no such file; for a server write \(url)")
    }
    let pace = try client.chosenPace()
    guard !paths.isEmpty || sample else {
      try Self.checkWithoutCassette(client)
      let (server, target) = try Self.server(urls[0], isBase: false, client)
      name = Redactor.redact(url: urls[0])
      (self.server, library, self.pace) = (server, nil, nil)
      pool = RequestPool([try Self.request(asked, target: target)])
      return
    }
    guard asked.method == nil, asked.data == nil else {
      throw Failure(
        .usage, "the requests are the cassette's: leave out -X and -d, or the cassette")
    }
    let fields = try asked.fields()
    let library = try CassetteLibrary.read(paths, sample: sample, limits: try limits.limits())
    let entries = try Self.entries(of: library, client.exchange)
    self.library = library
    server = try urls.first.map { try Self.server($0, isBase: true, client).server }
    name =
      urls.first.map { Redactor.redact(url: $0) }
      ?? (paths + (sample ? ["--sample"] : [])).joined(separator: " ")
    let isOwn = urls.isEmpty
    if isOwn { try PlanningOptions.check(pace, among: library) }
    self.pace = pace ?? server.flatMap { Self.pace(in: $0.prefix) } ?? .recorded
    pool = RequestPool(
      entries.map { Self.request(of: $0, isOwn: isOwn).replacing(fields) })
  }

  /// The pace that a base URL of a deck asks for.
  private static func pace(in prefix: String) -> Pace? {
    (try? RequestTarget(parsing: prefix + "/"))?.directives.pace
  }

  /// What only means something where there is a recording.
  private static func checkWithoutCassette(_ client: LoadClientOptions) throws {
    let needing = [
      ("--verify", client.verify), ("--pace", client.pace != nil),
      ("--exchange", client.exchange != nil), ("--requests", client.requests != nil),
    ]
    guard let flag = needing.first(where: { $0.1 })?.0 else { return }
    throw Failure(.usage, "\(flag) needs a cassette: name one beside the URL")
  }

  /// The server of a URL, looked up, which is this machine or may be loaded all the same.
  private static func server(
    _ url: String, isBase: Bool, _ client: LoadClientOptions
  ) throws -> (server: LoadTarget, target: String) {
    do throws(LoadTarget.URLError) {
      let (server, target) = try LoadTarget.parse(url, isBase: isBase)
      let isOwn = try server.isOfThisMachine()
      guard isOwn || client.yesRemote else {
        throw LoadTarget.URLError(
          "\(server.authority) is another machine: load only what is yours, and say so with "
            + "--yes-remote")
      }
      return (server, target)
    } catch {
      throw Failure(error.isUnavailable ? .unavailable : .usage, error.description)
    }
  }

  /// The request of `-X`, `-H` and `-d`.
  private static func request(_ asked: RequestOptions, target: String) throws -> LoadRequest {
    var fields = try asked.fields()
    let body = try asked.body()
    guard asked.chosenMethod.isToken else {
      throw Failure(.usage, "--request: '\(asked.chosenMethod)' is no method: write one like POST")
    }
    // A line end within a field would begin another one.
    for field in fields where !(field.name.isToken && field.value.isFieldValue) {
      throw Failure(
        .usage,
        "--header: the field '\(field.name)' has a name that is no token, or a value with control "
          + "characters: write 'name: value'")
    }
    if asked.data != nil, !fields.contains(where: { $0.name.lowercased() == "content-type" }) {
      fields.append(.init("content-type", "application/json"))
    }
    return LoadRequest(method: asked.chosenMethod, target: target, headers: fields, body: body)
  }

  private static func entries(of library: Library, _ number: Int?) throws -> [Library.Entry] {
    guard let number else { return library.entries }
    let entries = library.entries.filter { $0.number == number }
    guard !entries.isEmpty else {
      throw Failure(
        .usage,
        "--exchange \(number): not found among \(TextForm.count(library.entryCount, "exchange")) "
          + "of \(TextForm.count(library.cassettes.count, "cassette"))")
    }
    return entries
  }

  /// The request of a recording; a deck of this process is told which one it asks for.
  private static func request(of entry: Library.Entry, isOwn: Bool) -> LoadRequest {
    var request = LoadRequest(entry.exchange, number: entry.number)
    guard isOwn else { return request }
    var directives = Directives()
    directives.cassette = entry.cassette
    directives.exchange = entry.number
    request.target = directives.prefix + request.target
    return request
  }

  /// Why nothing came of a run: not one stream got a byte of an answer; nil where one did.
  func silence(in report: LoadReport) -> String? {
    let meter = report.meter
    guard meter.streams > 0, meter.outcomes[.refused] == meter.streams else { return nil }
    let reason = meter.details.counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    return "\(name): nothing answered: \(reason ?? "no connection came about")"
  }

  /// The same recordings from a deck of this process without any waiting; the built-in ones where
  /// there are none.
  func own() throws -> LoadAim {
    var library = library ?? Library()
    if library.entryCount == 0 { try Sample.add(to: &library) }
    return LoadAim(library)
  }

  private init(_ library: Library) {
    name = "instant replay"
    server = nil
    self.library = library
    pace = .instant
    pool = RequestPool(library.entries.map { Self.request(of: $0, isOwn: true) })
  }
}
