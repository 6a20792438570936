public import LosslessJSON

/// What a reader takes from one cassette before it refuses the file.
///
/// A recorder keeps to the same, so that what it wrote can be read: of an answer that goes beyond,
/// the rest is left out, and its end says so.
public struct CassetteLimits: Hashable, Sendable {
  /// The bytes of the whole file, inflated; 1 GiB unless told otherwise.
  public var inflatedBytes: Int

  /// The bytes of one line; 256 MiB unless told otherwise.
  public var lineBytes: Int

  /// The exchanges of one file; 100,000 unless told otherwise.
  public var exchanges: Int

  /// How deep arrays and objects may stand in each other; 64 unless told otherwise.
  public var nesting: Int

  /// The JSON values of a line that is no chunk's; 500,000 unless told otherwise.
  public var values: Int

  /// The chunks of one exchange; 1,000,000 unless told otherwise.
  public var chunks: Int

  /// The events of one exchange: blocks that a blank line ends; 200,000 unless told otherwise.
  public var events: Int

  /// The markers of one exchange, and lines of unknown codes; 100,000 unless told otherwise.
  public var asides: Int

  /// Creates limits; each has its default.
  public init(
    inflatedBytes: Int = 1 << 30, lineBytes: Int = 256 << 20, exchanges: Int = 100_000,
    nesting: Int = 64, values: Int = JSONValue.valueLimit, chunks: Int = 1_000_000,
    events: Int = 200_000, asides: Int = 100_000
  ) {
    self.inflatedBytes = inflatedBytes
    self.lineBytes = lineBytes
    self.exchanges = exchanges
    self.nesting = nesting
    self.values = values
    self.chunks = chunks
    self.events = events
    self.asides = asides
  }
}
