/// The lines of a text file, plain or compressed by gzip, one after another in bounded memory.
package struct TextLines: ~Copyable {
  private var source: LineSource
  private let path: String

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: A regular file.
  ///   - lineBytes: The bytes that a line may have.
  /// - Throws: An error of kind `noInput` where there is no such file.
  package init(path: String, lineBytes: Int = 1 << 20) throws(CassetteError) {
    try self.init(ByteSource(OpenFile(reading: path)), path: path, lineBytes: lineBytes)
  }

  /// Reads what a file would hold; errors call it by the path.
  package init(
    bytes: [UInt8], path: String = "", lineBytes: Int = 1 << 20
  ) throws(CassetteError) {
    try self.init(ByteSource(bytes), path: path, lineBytes: lineBytes)
  }

  private init(
    _ bytes: consuming ByteSource, path: String, lineBytes: Int
  ) throws(CassetteError) {
    let limits = CassetteLimits(inflatedBytes: .max, lineBytes: lineBytes)
    source = try LineSource(bytes, limits: limits)
    self.path = path
  }

  /// The number of the line that was taken last, from 1.
  package var number: Int { source.lines }

  /// The next line, without its end; nil where there are no more.
  ///
  /// - Throws: An error of kind `badData` where a line is too long, or what is compressed is
  ///   damaged.
  package mutating func next() throws(CassetteError) -> [UInt8]? {
    while true {
      let item: LineSource.Item
      do throws(LineSource.Failure) {
        item = try source.next()
      } catch {
        throw self.error(of: error)
      }
      switch item {
      case .boundary: continue
      case .line(let line): return Self.withoutReturn(line)
      case .end:
        guard !source.pending.isEmpty else { return nil }
        return Self.withoutReturn(source.takeRest())
      }
    }
  }

  private static func withoutReturn(_ line: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...])
  }

  private func error(of failure: LineSource.Failure) -> CassetteError {
    let reason: String
    switch failure {
    case .system(let error): return error
    case .lineTooLong:
      reason = "has more than the limit of \(source.limits.lineBytes) bytes: write shorter lines"
    case .corrupt(let words): reason = "is damaged (\(words)): compress the file again"
    case .noise: reason = "is followed by bytes that are not gzip: compress the file again"
    default: reason = "is followed by the end of the file inside a gzip member: get the whole file"
    }
    return CassetteError(.badData, reason, path: path, line: source.lines + 1)
  }
}
