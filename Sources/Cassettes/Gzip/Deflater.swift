internal import CZlib

/// Writes one gzip member (RFC 1952), or one stream of another format of deflate.
///
/// The header has no time stamp and always the OS byte of Unix, so that the same bytes give the
/// same member with the same zlib.
struct Deflater: ~Copyable {
  /// What becomes of the bytes that zlib still holds.
  enum Flush {
    /// Held back for better compression.
    case none
    /// Written out, so that everything given so far can be read.
    case sync
    /// Written out, and the member is ended.
    case finish
  }

  /// How much memory zlib takes while it compresses.
  struct Size {
    fileprivate let windowBits: CInt
    fileprivate let memoryLevel: CInt

    /// 32 KiB of window, some 268 KiB in all.
    static let full = Size(windowBits: 15, memoryLevel: 8)
    /// 512 bytes of window, some 10 KiB in all, for as many as there are recordings at once.
    static let small = Size(windowBits: 9, memoryLevel: 2)
  }

  // zlib keeps pointers to both, so they must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private let header: UnsafeMutablePointer<gz_header>

  /// Begins a member.
  ///
  /// - Parameters:
  ///   - level: How hard to compress, 1 to 9, or not at all, 0.
  ///   - size: How much memory to take.
  ///   - format: What surrounds the compressed bytes.
  /// - Throws: An error of kind `system` where there is no memory.
  init(
    level: CInt, size: Size = .full, format: Inflater.Format = .gzip
  ) throws(CassetteError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    header = .allocate(capacity: 1)
    header.initialize(to: gz_header())
    header.pointee.os = 3
    // 16 more bits of window ask for the gzip wrapping, a negative number for none.
    let windowBits =
      switch format {
      case .gzip: size.windowBits + 16
      case .zlib: size.windowBits
      case .raw: -size.windowBits
      }
    let isReady =
      tapedeck_deflate_init(stream, level, windowBits, size.memoryLevel) == Z_OK
      && (format != .gzip || deflateSetHeader(stream, header) == Z_OK)
    guard isReady else { throw CassetteError(.system, "zlib cannot compress: out of memory") }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
    header.deallocate()
  }

  /// Compresses `input` and adds what zlib gives out to `output`.
  mutating func deflate(
    _ input: UnsafeBufferPointer<UInt8>, flush: Flush, to output: inout [UInt8]
  ) throws(CassetteError) {
    var rest = input[...]
    repeat {
      // zlib counts in 32 bits.
      let piece = UnsafeBufferPointer(rebasing: rest.prefix(1 << 30))
      rest = rest.dropFirst(piece.count)
      stream.pointee.next_in = UnsafeMutablePointer(mutating: piece.baseAddress)
      stream.pointee.avail_in = UInt32(piece.count)
      let mode =
        switch flush {
        case .sync where rest.isEmpty: Z_SYNC_FLUSH
        case .finish where rest.isEmpty: Z_FINISH
        default: Z_NO_FLUSH
        }
      try drain(mode: mode, to: &output)
    } while !rest.isEmpty
  }

  private mutating func drain(mode: CInt, to output: inout [UInt8]) throws(CassetteError) {
    try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32 << 10) {
      (buffer) throws(CassetteError) in
      var status = Z_OK
      repeat {
        stream.pointee.next_out = buffer.baseAddress
        stream.pointee.avail_out = UInt32(buffer.count)
        status = CZlib.deflate(stream, mode)
        output.append(contentsOf: buffer[..<(buffer.count - Int(stream.pointee.avail_out))])
        // Z_BUF_ERROR only says that there was nothing to do.
        guard status == Z_OK || status == Z_BUF_ERROR || status == Z_STREAM_END else {
          throw CassetteError(.system, "zlib failed to compress, code \(status)")
        }
      } while stream.pointee.avail_out == 0 && status != Z_STREAM_END
    }
  }

  /// One whole member of `bytes`, without flushes inside.
  static func member(
    of bytes: [UInt8], level: CInt = 9, size: Size = .full, format: Inflater.Format = .gzip
  ) throws(CassetteError) -> [UInt8] {
    var output: [UInt8] = []
    var deflater = try Deflater(level: level, size: size, format: format)
    try bytes.withUnsafeBufferPointer { (bytes) throws(CassetteError) in
      try deflater.deflate(bytes, flush: .finish, to: &output)
    }
    return output
  }
}
