internal import Cassettes
package import Planning

/// A time in which every request is answered with an error: `10s..15s=529`.
package struct Outage: Hashable, Sendable {
  /// From when to when it lasts, from the provider's start.
  package var nanoseconds: Range<Int64>

  /// The status of the answers, or nil for that of the dialect.
  package var status: Int?

  private let text: String

  /// Parses `FROM..TO` or `FROM..TO=STATUS`.
  ///
  /// - Throws: What was found, and what to write instead.
  package init(parsing text: String) throws(DirectiveError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let times = parts[0].split(separator: "..", omittingEmptySubsequences: false)
    guard times.count == 2 else {
      throw DirectiveError("'\(text)' is not an outage: write FROM..TO, like 10s..15s=529")
    }
    let start = try Quantity.duration(times[0]).nanoseconds
    let end = try Quantity.duration(times[1]).nanoseconds
    guard start < end else {
      throw DirectiveError(
        "the outage '\(text)' ends before it begins: write the earlier time first")
    }
    nanoseconds = start..<end
    status = parts.count > 1 ? try ProviderLimit.status(String(parts[1])) : nil
    self.text = text
  }
}

extension Outage: CustomStringConvertible {
  /// The outage as it was written.
  package var description: String { text }
}

extension Microseconds {
  /// The same in nanoseconds, at most what 64 bits hold.
  fileprivate var nanoseconds: Int64 {
    let (product, isBeyond) = count.multipliedReportingOverflow(by: 1000)
    return isBeyond ? .max : product
  }
}
