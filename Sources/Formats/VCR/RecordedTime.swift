internal import Cassettes

/// The time at which a cassette says that something was recorded.
enum RecordedTime {
  /// The microseconds since 1970, or nil where a text is no time.
  ///
  /// Ruby writes it as HTTP does; others write ISO 8601, with or without a zone, and mean UTC.
  static func microseconds(_ text: String) -> Int64? {
    if let time = Timestamp.microseconds(httpDate: text) { return time }
    var iso = text
    for zone in [" GMT", " UTC", " +0000"] where iso.hasSuffix(zone) {
      iso = String(iso.dropLast(zone.count))
    }
    if let blank = iso.firstIndex(of: " ") { iso.replaceSubrange(blank...blank, with: "T") }
    return Timestamp.microseconds(rfc3339: iso) ?? Timestamp.microseconds(rfc3339: iso + "Z")
  }
}
