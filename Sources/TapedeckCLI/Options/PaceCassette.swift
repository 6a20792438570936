import Cassettes
import Matching
import Planning

extension PlanningOptions {
  /// The times that `--pace like:NAME` draws from, or nil where the pace draws from no cassette.
  ///
  /// NAME is a cassette's path, with or without `.tape`, or a name below the folder of the cassette
  /// that is planned, as a deck that serves the folder knows it.
  static func samples(
    for pace: Pace?, beside file: String, _ limits: CassetteLimits
  ) throws -> Pace.Samples? {
    guard case .like(let name)? = pace?.kind else { return nil }
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    let places = [name, "\(name).tape", "\(folder)\(name).tape", "\(folder)\(name)"]
    guard let path = places.first(where: { CassettePath.Stamp(of: $0) != nil }) else {
      throw Failure(
        .usage, "--pace: there is no cassette '\(name)'\(advice(on: name, in: folder))")
    }
    let exchanges = try CassetteReader.readAll(path: path, limits: limits)
    guard let samples = Pace.Samples(of: exchanges) else {
      throw Failure(
        .usage,
        "--pace: \(path) has no whole event stream of two events or more: name one that has")
    }
    return samples
  }

  /// Refuses a pace like a cassette that a deck of its own does not serve.
  static func check(_ pace: Pace?, among library: Library) throws {
    do throws(MatchingError) {
      _ = try library.cassette(like: pace)
    } catch {
      throw Failure(.usage, "--pace: \(error.message)")
    }
  }

  /// The most names that are listed.
  private static let listed = 10

  private static func advice(on name: String, in folder: String) -> String {
    let found = try? CassettePath.files(at: folder.isEmpty ? "." : folder)
    let names = (found ?? []).map(\.name)
    return names.isEmpty
      ? ": name a file" : Spelling.advice(on: name, among: names, listing: listed)
  }
}
