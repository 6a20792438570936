internal import CCoders

/// Undoes the content coding of a body that comes in pieces. (RFC 9110, 8.4.1)
///
/// It knows `gzip`, `x-gzip` and `deflate`, the latter with its zlib wrapping or, as some servers
/// send it, without; `br` and `zstd` where their libraries are. What can be decoded of a piece
/// comes out with that piece. It takes some 40 KiB, of `br` and `zstd` as much as their windows.
package struct ContentDecoder: ~Copyable {
  /// What became of one piece.
  package struct Decoded: Hashable, Sendable {
    /// What could be decoded.
    package var bytes: [UInt8]
    /// Why nothing more will be, or nil.
    package var failure: Failure?
  }

  /// What is wrong with a body.
  package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes are not of the coding, in its library's words.
    case broken(String)
    /// A piece grew beyond its limit.
    case tooLarge(limitBytes: Int)

    /// What is wrong, for a reader of the recording.
    package var description: String {
      switch self {
      case .broken(let words): "the body is not valid in its content coding: \(words)"
      case .tooLarge(let limit): "one piece of the body decodes to more than \(limit) bytes"
      }
    }
  }

  /// The most that one piece decodes to unless told otherwise: what zlib makes of 16 KiB at most.
  package static let limitBytes = 17 << 20

  /// Whether every member that was begun has ended, its checksum being right.
  ///
  /// A body that ends while this is false was cut off. Without any bytes it is true: so is an empty
  /// body.
  package private(set) var isWhole = true

  /// Whether the coding is told from other bytes by how it begins, so that any output is proof of
  /// it.
  package var hasSignature: Bool { coding == .gzip || coding == .zstd }

  private enum Coding {
    case gzip, deflate, br, zstd

    init?(_ name: String) {
      switch name.lowercased().filter({ $0 != " " && $0 != "\t" }) {
      case "gzip", "x-gzip": self = .gzip
      case "deflate": self = .deflate
      case "br": self = .br
      case "zstd": self = .zstd
      default: return nil
      }
    }

    /// Whether its decoder is in a library that need not be there.
    var isLoaded: Bool { self == .br || self == .zstd }

    /// Whether a body may have several members (RFC 1952, 2.2) or frames (RFC 8878, 3).
    var repeats: Bool { self == .gzip || self == .zstd }
  }

  private let coding: Coding
  private var inflater: Inflater?
  private var loaded: LoadedDecoder?
  private var failure: Failure?
  private var isOver = false
  /// The first byte of a deflate body, which alone does not say whether it is wrapped.
  private var held: [UInt8] = []

  /// Begins to decode, or is nil where the coding is none that can be undone.
  ///
  /// - Parameter coding: The value of `content-encoding`, case and white space aside; neither a
  ///   list of several nor `identity`, which needs no decoder.
  package init?(coding: String) {
    guard let known = Coding(coding) else { return nil }
    let loaded = known.isLoaded ? Self.loaded(known) : nil
    guard loaded != nil || !known.isLoaded else { return nil }
    self.coding = known
    self.loaded = loaded
  }

  /// Decodes the next piece.
  ///
  /// - Parameters:
  ///   - piece: The bytes that came.
  ///   - limitBytes: The most that they may decode to; more is a failure, so that a body made to
  ///     grow without bounds cannot.
  /// - Returns: What they hold. After a failure nothing more is decoded.
  package mutating func decode(
    _ piece: [UInt8], limitBytes: Int = Self.limitBytes
  ) -> Decoded {
    var output: [UInt8] = []
    if failure == nil, !piece.isEmpty {
      do throws(Failure) {
        try inflate(piece, to: &output, limitBytes: limitBytes)
      } catch {
        failure = error
        isWhole = false
        inflater = nil
        loaded = nil
      }
    }
    return Decoded(bytes: output, failure: failure)
  }

  private mutating func inflate(
    _ piece: [UInt8], to output: inout [UInt8], limitBytes: Int
  ) throws(Failure) {
    var rest = (held + piece)[...]
    held = []
    isWhole = false
    var mayHoldBack = false
    while !rest.isEmpty || mayHoldBack {
      guard !isOver else { throw .broken("there are bytes after its end") }
      if inflater == nil, loaded == nil {
        guard coding != .deflate || rest.count > 1 else {
          held = Array(rest)
          return
        }
        try begin(with: rest)
      }
      let step = try step(&rest, to: &output, limitBytes: limitBytes)
      mayHoldBack = step.produced > 0 && !step.isAtEnd
      guard step.isAtEnd else { continue }
      inflater = nil
      loaded = nil
      isOver = !coding.repeats
      isWhole = rest.isEmpty
    }
  }

  private mutating func step(
    _ rest: inout ArraySlice<UInt8>, to output: inout [UInt8], limitBytes: Int
  ) throws(Failure) -> Inflater.Step {
    var step = Inflater.Step(consumed: 0, produced: 0, isAtEnd: false, failure: nil)
    let room = max(0, limitBytes - output.count)
    // One byte more than there is room for, to see whether it would be used.
    let bytes = [UInt8](unsafeUninitializedCapacity: min(64 << 10, room + 1)) { buffer, count in
      step =
        rest.withUnsafeBufferPointer { input in
          inflater?.step(from: input, into: buffer) ?? loaded?.step(from: input, into: buffer)
        } ?? step
      count = step.produced
    }
    rest = rest.dropFirst(step.consumed)
    output += bytes.prefix(room)
    if let words = step.failure { throw .broken(words) }
    guard bytes.count <= room else { throw .tooLarge(limitBytes: limitBytes) }
    guard step.consumed > 0 || step.produced > 0 || step.isAtEnd || rest.isEmpty else {
      throw .broken("it makes no progress")
    }
    return step
  }

  private mutating func begin(with bytes: ArraySlice<UInt8>) throws(Failure) {
    switch coding {
    case .gzip: inflater = try Self.inflater(.gzip)
    case .deflate: inflater = try Self.inflater(Self.isWrapped(bytes) ? .zlib : .raw)
    case .br, .zstd:
      loaded = Self.loaded(coding)
      if loaded == nil { throw .broken("out of memory") }
    }
  }

  private static func loaded(_ coding: Coding) -> LoadedDecoder? {
    LoadedDecoder(coding == .br ? TAPEDECK_CODING_BR : TAPEDECK_CODING_ZSTD)
  }

  private static func inflater(_ format: Inflater.Format) throws(Failure) -> Inflater {
    do throws(CassetteError) {
      return try Inflater(format)
    } catch {
      throw .broken(error.reason)
    }
  }

  /// Whether bytes begin with the header of zlib: its method, its window, its check. (RFC 1950,
  /// 2.2)
  private static func isWrapped(_ bytes: ArraySlice<UInt8>) -> Bool {
    let head = bytes.prefix(2).reduce(0) { $0 << 8 | Int($1) }
    return head >> 8 & 15 == 8 && head >> 12 <= 7 && head % 31 == 0
  }
}
