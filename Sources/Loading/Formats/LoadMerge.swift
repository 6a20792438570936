/// Adds up what several processes have measured, each of which took a share of one schedule.
package enum LoadMerge {
  /// The most shares of a schedule.
  package static let shardLimit = 1024

  /// The sum, of which the percentiles are those of one process that saw everything.
  ///
  /// Times count from the start of each process's run.
  ///
  /// - Parameter results: the results, with the names of their files; one that is no share is fine
  ///   alone.
  /// - Returns: the sum; `missingShards` says which shares are not in it.
  /// - Throws: where they are not shares of one schedule, or one is there twice.
  package static func merged(
    _ results: [(file: String, report: LoadReport)]
  ) throws(LoadFileError) -> LoadReport {
    guard let first = results.first else {
      throw LoadFileError("", "there is nothing to merge; name the files that `load --json` wrote")
    }
    guard results.count > 1 || first.report.shard != nil else { return first.report }
    var sum = first.report
    var files: [Int: String] = [:]
    for (index, result) in results.enumerated() {
      let shard = try share(of: result, besides: first)
      if let other = files[shard.number] {
        throw LoadFileError(
          result.file,
          "is share \(shard.number)/\(shard.count), and so is \(other); name one of them")
      }
      files[shard.number] = result.file
      if index > 0 { add(result.report, to: &sum) }
    }
    let count = first.report.shard?.count ?? 1
    sum.missingShards = (1...count).filter { files[$0] == nil }
    sum.shard = nil
    return sum
  }

  private static func share(
    of result: (file: String, report: LoadReport), besides first: (file: String, report: LoadReport)
  ) throws(LoadFileError) -> (number: Int, count: Int) {
    guard let shard = result.report.shard else {
      throw LoadFileError(
        result.file, "is a whole run and no share of one; only runs with --shard are added up")
    }
    let (one, other) = (result.report, first.report)
    let pairs = [
      ("arrivals", one.arrivals, other.arrivals), ("seed", "\(one.seed)", "\(other.seed)"),
      ("target", one.target, other.target),
      ("goodput", "'\(one.meter.bounds)'", "'\(other.meter.bounds)'"),
      ("number of shares", "\(shard.count)", "\(other.shard?.count ?? shard.count)"),
    ]
    for (what, found, expected) in pairs where found != expected {
      throw LoadFileError(
        result.file,
        "is of another schedule than \(first.file): its \(what) is \(found), not \(expected)")
    }
    return shard
  }

  private static func add(_ report: LoadReport, to sum: inout LoadReport) {
    sum.meter.add(report.meter)
    sum.took = max(sum.took, report.took)
    sum.at = min(sum.at, report.at)
    sum.requestedPerSecond = both(sum.requestedPerSecond, report.requestedPerSecond, +)
    sum.processorTime = both(sum.processorTime, report.processorTime) { $0.addingSaturated($1) }
  }

  private static func both<Value>(
    _ one: Value?, _ other: Value?, _ combine: (Value, Value) -> Value
  ) -> Value? {
    guard let one, let other else { return nil }
    return combine(one, other)
  }
}
