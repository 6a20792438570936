/// The lines of a cassette's text, out of a gzip file or a plain one.
struct LineSource: ~Copyable {
  /// What comes next.
  enum Item {
    /// A line without its LF, valid until the next call.
    case line(UnsafeBufferPointer<UInt8>)
    /// A gzip member ended, and all its lines have been taken.
    case boundary
    /// The text ended; what has no LF is still pending.
    case end
  }

  private static let inputBytes = 64 << 10
  private static let outputBytes = 128 << 10

  private var bytes: ByteSource
  private var inflater: Inflater?
  private var buffer = LineBuffer(capacity: LineSource.outputBytes)
  private var isInMember = false
  private var isBoundaryDue = false
  private var textBytes = 0
  private var takenBytes: Int

  /// What is taken before the file is refused.
  let limits: CassetteLimits

  /// How many lines have been taken.
  private(set) var lines = 0

  /// The offset in the text of the line that was taken last.
  private(set) var lineStart = 0

  /// The offset on disk of the gzip member that is being read, or was last.
  private(set) var memberStart = 0

  /// Looks at the first bytes to see which kind of file it is.
  init(_ bytes: consuming ByteSource, limits: CassetteLimits) throws(CassetteError) {
    let first = try bytes.peek(2)
    inflater = first.first == 0x1f ? try Inflater() : nil
    start = bytes.offset
    takenBytes = bytes.offset
    self.bytes = bytes
    self.limits = limits
  }

  /// The offset on disk at which the reading began.
  let start: Int

  /// Whether the last line had no LF.
  private(set) var lacksLineFeed = false

  /// Whether no gzip member has begun that has not ended.
  var isBetweenMembers: Bool { !isInMember }

  /// Whether the file is compressed.
  var isCompressed: Bool { inflater != nil }

  /// The offset on disk of the next byte to be read, or of the next line in a plain file.
  var diskOffset: Int { isCompressed ? bytes.offset : takenBytes }

  /// The text that is in no line yet.
  var pending: [UInt8] { Array(buffer.pending) }

  /// The next line, or why there is none.
  mutating func next() throws(Failure) -> Item {
    while true {
      if let line = buffer.takeLine() {
        guard line.count <= limits.lineBytes else { throw .lineTooLong }
        lines += 1
        lineStart = takenBytes
        takenBytes += line.count + 1
        return .line(line)
      }
      guard buffer.pending.count <= limits.lineBytes else { throw .lineTooLong }
      if isCompressed {
        if isBoundaryDue, buffer.pending.isEmpty {
          isBoundaryDue = false
          return .boundary
        }
        if !isInMember, try !beginMember() { return .end }
        try inflate()
      } else if try !readPlain() {
        return .end
      }
    }
  }

  /// Takes what is pending at the end as a line.
  mutating func takeRest() -> UnsafeBufferPointer<UInt8> {
    lines += 1
    lineStart = takenBytes
    takenBytes += buffer.pending.count
    lacksLineFeed = true
    return buffer.takeRest()
  }

  private mutating func readPlain() throws(Failure) -> Bool {
    do throws(CassetteError) {
      let room = buffer.room(atLeast: Self.inputBytes)
      let count = try bytes.read(into: UnsafeMutableRawBufferPointer(room))
      buffer.filled(count)
      textBytes += count
      if count == 0 { return false }
    } catch {
      throw .system(error)
    }
    guard textBytes <= limits.inflatedBytes else { throw .tooLong }
    return true
  }

  /// Whether another member begins here.
  private mutating func beginMember() throws(Failure) -> Bool {
    let first: UnsafeBufferPointer<UInt8>
    do throws(CassetteError) {
      first = try bytes.peek(2)
    } catch {
      throw .system(error)
    }
    guard let magic = first.first else { return false }
    guard magic == 0x1f, first.count < 2 || first[1] == 0x8b else { throw .noise }
    inflater?.reset()
    memberStart = bytes.offset
    isInMember = true
    isBoundaryDue = false
    return true
  }

  /// Inflates some of the member.
  private mutating func inflate() throws(Failure) {
    let input: UnsafeBufferPointer<UInt8>
    do throws(CassetteError) {
      input = try bytes.peek(1)
    } catch {
      throw .system(error)
    }
    let room = buffer.room(atLeast: Self.outputBytes / 2)
    guard let step = inflater?.step(from: input, into: room) else { return }
    bytes.skip(step.consumed)
    buffer.filled(step.produced)
    textBytes += step.produced
    guard textBytes <= limits.inflatedBytes else { throw .tooLong }
    if step.isAtEnd {
      isInMember = false
      isBoundaryDue = true
      return
    }
    // Lines that were whole before the damage are taken first: the failure comes again.
    if step.produced > 0 { return }
    if let failure = step.failure { throw .corrupt(failure) }
    if input.isEmpty { throw .truncated }
  }
}
