public import LosslessJSON

/// Reads the exchanges of a cassette one by one, in no more memory than the largest needs.
///
/// A gzip file of one member or many and the plain text are read alike. Strict unless told
/// otherwise: a file that is cut off, has a wrong checksum or anything behind its last member is
/// refused where that is met, with the exchanges before it already given out.
public struct CassetteReader: ~Copyable {
  /// The keys of the first line that this version does not know.
  public let header: [JSONValue.Member]

  /// What could not be read, once a recovering reader has met it.
  public private(set) var damage: CassetteDamage?

  private var source: LineSource
  private var assembler: ExchangeAssembler
  private var isDone = false
  /// What stopped the reading before the first exchange.
  private var failure: LineSource.Failure?
  private let path: String
  private let limits: CassetteLimits
  private let isRecovering: Bool

  /// The last place on disk at which no exchange was open, so that all before it is whole.
  private(set) var whole: Boundary

  /// A place between two exchanges.
  struct Boundary: Hashable {
    /// The offset on disk.
    var byte: Int
    /// How many exchanges end before it.
    var exchanges: Int
  }

  /// Opens a cassette and reads its first line.
  ///
  /// - Parameters:
  ///   - path: A regular file.
  ///   - limits: What is taken before the file is refused.
  ///   - recovering: Whether damage ends the reading, with `damage` saying what it was, and what
  ///     was whole before it is given out, instead of an error.
  /// - Throws: An error of kind `noInput` where there is no such file, of kind `badData` where it
  ///   is no cassette, or one that needs a newer version.
  public init(
    path: String, limits: CassetteLimits = .init(), recovering: Bool = false
  ) throws(CassetteError) {
    let file = try OpenFile(reading: path)
    try self.init(
      ByteSource(file), path: path, limits: limits, recovering: recovering)
  }

  /// Reads a cassette that is in memory, beginning with its first line.
  ///
  /// - Parameters:
  ///   - bytes: What a file would hold, compressed or plain.
  ///   - path: What errors call it.
  ///   - limits: What is taken before it is refused.
  ///   - recovering: Whether damage ends the reading instead of an error.
  /// - Throws: An error of kind `badData` where it is no cassette, or one that needs a newer
  ///   version.
  public init(
    bytes: [UInt8], path: String = "", limits: CassetteLimits = .init(), recovering: Bool = false
  ) throws(CassetteError) {
    try self.init(ByteSource(bytes), path: path, limits: limits, recovering: recovering)
  }

  init(
    _ bytes: consuming ByteSource, path: String, limits: CassetteLimits, recovering: Bool,
    isContinuing: Bool = false
  ) throws(CassetteError) {
    var source = try LineSource(bytes, limits: limits)
    var header: [JSONValue.Member] = []
    var failure: LineSource.Failure?
    do throws(LineSource.Failure) {
      if !isContinuing { header = try source.header() }
    } catch {
      guard recovering, error.isLoss else { throw source.description(of: error, path: path) }
      failure = error
    }
    self.init(source, header: header, failure: failure, path: path, recovering: recovering)
  }

  // An initializer of a type that cannot be copied must not throw once `self` is there.
  private init(
    _ source: consuming LineSource, header: [JSONValue.Member], failure: LineSource.Failure?,
    path: String, recovering: Bool
  ) {
    self.header = header
    self.path = path
    limits = source.limits
    assembler = ExchangeAssembler(limits: source.limits)
    isRecovering = recovering
    whole = Boundary(byte: source.isCompressed ? source.start : source.diskOffset, exchanges: 0)
    self.failure = failure
    self.source = source
  }

  /// Whether the file is compressed.
  var isCompressed: Bool { source.isCompressed }

  /// Whether the last line, being whole, has no LF.
  var lacksLineFeed: Bool { source.lacksLineFeed }

  /// Reads every exchange of a cassette.
  ///
  /// - Parameters:
  ///   - path: A regular file.
  ///   - limits: What is taken before the file is refused.
  /// - Returns: The exchanges in the order of the file.
  /// - Throws: What was wrong with the file, and where.
  public static func readAll(
    path: String, limits: CassetteLimits = .init()
  ) throws(CassetteError) -> [Exchange] {
    var reader = try CassetteReader(path: path, limits: limits)
    return try reader.rest()
  }

  /// Reads every exchange that is left.
  public mutating func rest() throws(CassetteError) -> [Exchange] {
    var exchanges: [Exchange] = []
    while let exchange = try next() { exchanges.append(exchange) }
    return exchanges
  }

  /// Reads the next exchange.
  ///
  /// - Returns: The exchange, or nil at the end. One whose end is missing reads as `interrupted`.
  /// - Throws: What was wrong with the file, and where; a recovering reader only where the file
  ///   cannot be read at all, or is larger than the limits allow.
  public mutating func next() throws(CassetteError) -> Exchange? {
    while !isDone {
      do throws(LineSource.Failure) {
        if let failure { throw failure }
        switch try source.next() {
        case .line(let line):
          if let exchange = try take(line) { return exchange }
        case .boundary: noteBoundary()
        case .end:
          isDone = true
          if let exchange = try takeRest() { return exchange }
        }
      } catch {
        if let exchange = try stop(error) { return exchange }
      }
    }
    return assembler.finish()
  }
}

extension CassetteReader {
  private mutating func take(
    _ line: UnsafeBufferPointer<UInt8>
  ) throws(LineSource.Failure) -> Exchange? {
    let exchange: Exchange?
    do throws(CassetteError) {
      exchange = try assembler.take(line)
    } catch {
      if assembler.isBeyondLimits { throw .beyond(error) }
      throw .refused(error, line: Array(line))
    }
    guard assembler.count <= limits.exchanges else { throw .tooMany }
    if !source.isCompressed { noteBoundary() }
    return exchange
  }

  /// Takes a last line without its LF, where it is whole.
  private mutating func takeRest() throws(LineSource.Failure) -> Exchange? {
    if source.pending.isEmpty { return nil }
    do throws(LineSource.Failure) {
      return try take(source.takeRest())
    } catch {
      guard case .refused(let refused, let line) = error else { throw error }
      throw .unfinished(refused, line: line)
    }
  }

  private mutating func noteBoundary() {
    guard assembler.isIdle else { return }
    whole = Boundary(byte: source.diskOffset, exchanges: assembler.count)
  }

  /// Ends the reading: with an error, or, where this reader recovers, with what can still be had.
  private mutating func stop(_ failure: LineSource.Failure) throws(CassetteError) -> Exchange? {
    isDone = true
    let isHeaderLost = self.failure != nil
    self.failure = nil
    let error = source.description(of: failure, path: path)
    guard isRecovering, failure.isLoss else { throw error }
    var rest = source.pending
    var exchange: Exchange?
    switch failure {
    case .refused(_, let line), .unfinished(_, let line): rest = line + rest
    case _ where isHeaderLost: break
    default:
      do throws(LineSource.Failure) {
        exchange = try takeRest()
        rest = []
      } catch {}
    }
    damage = CassetteDamage(
      reason: error.reason, line: error.line ?? 1, byte: error.byte ?? 0, rest: rest,
      isCut: failure.isCut)
    return exchange
  }
}
