package import Cassettes

/// The log that HdrHistogram's tools read: one line for each metric, tagged with its name.
///
/// The values of the histograms are nanoseconds; the column of the largest value is in
/// milliseconds, as in the logs of the other libraries.
package enum HistogramLog {
  /// The log of a run.
  ///
  /// - Parameter report: what was measured.
  /// - Returns: the text; metrics without values are left out.
  /// - Throws: where zlib has no memory.
  package static func bytes(of report: LoadReport) throws(CassetteError) -> [UInt8] {
    let started = Timestamp.microseconds(rfc3339: report.at) ?? 0
    let start = decimal(max(started, 0) / 1000)
    var text = """
      #[tapedeck \(report.version); values in nanoseconds]
      #[Histogram log format version 1.3]
      #[StartTime: \(start) (seconds since epoch), \(oneLine(report.at))]
      #[BaseTime: \(start) (seconds since epoch)]
      "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

      """
    let length = decimal(report.took / 1_000_000)
    for metric in LoadMetric.allCases where report.meter[metric].count > 0 {
      let histogram = report.meter[metric]
      let longest = decimal(LoadNumber.rounded(histogram.longest))
      let encoded = String(decoding: try histogram.encoded(), as: UTF8.self)
      text += "Tag=\(metric.rawValue),0.000,\(length),\(longest),\(encoded)\n"
    }
    return Array(text.utf8)
  }

  /// Thousandths with their point: `1.250`.
  private static func decimal(_ thousandths: Int64) -> String {
    let fraction = String(thousandths % 1000 + 1000).dropFirst()
    return "\(thousandths / 1000).\(fraction)"
  }

  private static func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }
}
