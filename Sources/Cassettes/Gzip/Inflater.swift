internal import CZlib

/// Reads members of one compressed format, one after the other.
struct Inflater: ~Copyable {
  /// How far one step came.
  struct Step {
    /// The bytes of input that were used.
    var consumed: Int
    /// The bytes of output that were made.
    var produced: Int
    /// Whether the member ended, its checksum and length being right.
    var isAtEnd: Bool
    /// What is wrong with the input, in zlib's words, or nil.
    var failure: String?
  }

  /// What surrounds the compressed bytes.
  enum Format: CInt {
    // 15 bits of window; 16 more ask for the gzip wrapping and nothing else, a negative number for
    // none.
    /// RFC 1952.
    case gzip = 31
    /// RFC 1950.
    case zlib = 15
    /// Nothing. (RFC 1951)
    case raw = -15
  }

  // zlib keeps a pointer to it, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>

  init(_ format: Format = .gzip) throws(CassetteError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard tapedeck_inflate_init(stream, format.rawValue) == Z_OK else {
      throw CassetteError(.system, "zlib cannot read: out of memory")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Makes ready for the next member.
  mutating func reset() {
    inflateReset(stream)
  }

  /// Inflates as much of `input` as `output` has room for.
  mutating func step(
    from input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>
  ) -> Step {
    let given = UInt32(clamping: input.count)
    let room = UInt32(clamping: output.count)
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
    stream.pointee.avail_in = given
    stream.pointee.next_out = output.baseAddress
    stream.pointee.avail_out = room
    let status = inflate(stream, Z_SYNC_FLUSH)
    let isGood = status == Z_OK || status == Z_BUF_ERROR || status == Z_STREAM_END
    return Step(
      consumed: Int(given - stream.pointee.avail_in),
      produced: Int(room - stream.pointee.avail_out),
      isAtEnd: status == Z_STREAM_END,
      failure: isGood ? nil : stream.pointee.msg.map { String(cString: $0) } ?? "code \(status)")
  }
}
