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
    try Deflater.member(of: lines(for: exchange))
  }

  /// The lines of an exchange, each with its LF.
  ///
  /// - Parameter exchange: An exchange that keeps the rules of the format.
  /// - Returns: The text.
  /// - Throws: An error of kind `badData` where no reader would take the exchange back.
  public static func lines(for exchange: Exchange) throws(CassetteError) -> [UInt8] {
    try exchange.check()
    var ordered = exchange
    // The standard library's sort does not promise to be stable.
    ordered.asides = exchange.asides.enumerated()
      .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }.map(\.element)
    var cursor = LineCursor()
    cursor.finish(ordered)
    return cursor.takeBytes()
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
