import Loading

/// The file of `--per-request`.
final class LoadRecordFile: Sendable {
  init(_ path: String) throws {}
  func write(_ records: [StreamRecord]) {}
  func finish() throws {}
}
