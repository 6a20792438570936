public import LosslessJSON

/// The bytes of a cassette's parts; a cassette is a header and members, one after the other.
public enum CassetteWriter {
  /// The gzip member of the first line.
  ///
  /// - Parameter extra: Keys that this version does not know, to be kept.
  /// - Returns: The compressed bytes.
  /// - Throws: An error of kind `system` where zlib has no memory.
  public static func header(extra: [JSONValue.Member] = []) throws(CassetteError) -> [UInt8] {
    try Deflater.member(of: CassetteHeader.line(extra: extra) + [UInt8(ascii: "\n")])
  }

  /// The gzip member of an exchange: the same for the same exchange and the same zlib.
  ///
  /// - Parameter exchange: An exchange that keeps the rules of the format.
  /// - Returns: The compressed bytes.
  /// - Throws: An error of kind `badData` where no reader would take the exchange back.
  public static func member(for exchange: Exchange) throws(CassetteError) -> [UInt8] {
    var output: [UInt8] = []
    var deflater = try Deflater(level: 9)
    try pieces(of: exchange) { (lines, isLast) throws(CassetteError) in
      try lines.withUnsafeBufferPointer { (lines) throws(CassetteError) in
        try deflater.deflate(lines, flush: isLast ? .finish : .none, to: &output)
      }
    }
    return output
  }

  /// The lines of an exchange, each with its LF.
  ///
  /// - Parameter exchange: An exchange that keeps the rules of the format.
  /// - Returns: The text.
  /// - Throws: An error of kind `badData` where no reader would take the exchange back.
  public static func lines(for exchange: Exchange) throws(CassetteError) -> [UInt8] {
    var bytes: [UInt8] = []
    try pieces(of: exchange, bodyBytes: .max) { (lines, _) in bytes = lines }
    return bytes
  }

  /// Gives out the lines of an exchange some at a time, so that they are not all in memory.
  private static func pieces(
    of exchange: Exchange, bodyBytes: Int = 128 << 10,
    _ take: (_ lines: [UInt8], _ isLast: Bool) throws(CassetteError) -> Void
  ) throws(CassetteError) {
    try exchange.check()
    var ordered = exchange
    // The standard library's sort does not promise to be stable.
    ordered.asides = exchange.asides.enumerated()
      .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }.map(\.element)
    var cursor = LineCursor()
    var settled = 0
    while exchange.body.count - settled > bodyBytes {
      settled += bodyBytes
      cursor.write(ordered, settled: settled)
      try take(cursor.takeBytes(), false)
    }
    cursor.finish(ordered)
    try take(cursor.takeBytes(), true)
  }

  /// A whole cassette.
  ///
  /// - Parameters:
  ///   - exchanges: Its exchanges, in order.
  ///   - extra: Keys of the first line that this version does not know.
  /// - Returns: The compressed bytes.
  /// - Throws: An error of kind `badData` where no reader would take an exchange back.
  public static func cassette(
    of exchanges: [Exchange], extra: [JSONValue.Member] = []
  ) throws(CassetteError) -> [UInt8] {
    var bytes = try header(extra: extra)
    for exchange in exchanges { bytes += try member(for: exchange) }
    return bytes
  }
}
