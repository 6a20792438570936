/// What a reader takes from one cassette before it refuses the file.
public struct CassetteLimits: Hashable, Sendable {
  /// The bytes of the whole file, inflated; 512 MiB unless told otherwise.
  public var inflatedBytes: Int

  /// The bytes of one line; 64 MiB unless told otherwise.
  public var lineBytes: Int

  /// The exchanges of one file; 100,000 unless told otherwise.
  public var exchanges: Int

  /// How deep arrays and objects may stand in each other; 64 unless told otherwise.
  public var nesting: Int

  /// Creates limits; each has its default.
  public init(
    inflatedBytes: Int = 512 << 20, lineBytes: Int = 64 << 20, exchanges: Int = 100_000,
    nesting: Int = 64
  ) {
    self.inflatedBytes = inflatedBytes
    self.lineBytes = lineBytes
    self.exchanges = exchanges
    self.nesting = nesting
  }
}
