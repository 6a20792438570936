import Cassettes
import Judging
import Libc
import Matching
import Reports
import Torture

/// Failures made as small as they get, and saved as cassettes.
struct SavedFailures {
  /// The folder that they are saved in.
  static let folder = "tapedeck-shrunk"

  let client: ChosenClient
  let options: TortureOptions
  let stop: StopFlag

  /// Saves one of each kind of failure, and says with which command it is had again.
  func save(_ wrong: [CaseResult], of cases: [TortureCase], _ library: Library) async throws {
    guard !wrong.isEmpty else { return }
    guard mkdir(Self.folder, 0o777) == 0 || errno == EEXIST else {
      let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
      throw CassetteError(.system, "cannot be made: \(reason)", path: Self.folder)
    }
    let shrinker = Shrinker(options, makeClient: client.maker(options, stop))
    for kind in FailureKinds(wrong).kinds where !stop.isSet {
      try await save(kind.example, of: cases, library, by: shrinker)
    }
  }

  private func save(
    _ result: CaseResult, of cases: [TortureCase], _ library: Library, by shrinker: Shrinker
  ) async throws {
    guard let torture = cases.first(where: { $0.isCase(of: result) }),
      let entry = library.entries.first(where: {
        $0.cassette == torture.cassette && $0.number == torture.exchange
      })
    else { return }
    Console.progress("making \(torture.id) smaller")
    let shrunk = try await shrinker.shrink(
      torture, of: entry.exchange, keeping: result.judgement, stop: stop)
    Console.progress("")
    guard let shrunk else {
      return Console.warn("\(torture.id): the client does not do the same each time")
    }
    let path = "\(Self.folder)/\(fileName(torture)).tape"
    try OutputFile.write(try CassetteWriter.cassette(of: [shrunk.exchange]), to: path)
    Console.warn(
      "\(torture.id): \(shrunk.events.after) of \(TextForm.count(shrunk.events.before, "event")) "
        + "are left in \(path): "
        + client.commandLine([path] + shrunk.faults.flatMap { ["--fault", "\($0)"] }))
  }

  private func fileName(_ torture: TortureCase) -> String {
    let name = "\(torture.cassette)-\(torture.id)".utf8.map { byte in
      let isPlain =
        (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
        || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
      return isPlain ? Character(UnicodeScalar(byte)) : "-"
    }
    return String(name.prefix(120))
  }
}

extension TortureCase {
  fileprivate func isCase(of result: CaseResult) -> Bool {
    id == result.id && cassette == result.cassette && exchange == result.exchange
  }
}
