internal import CYAML

/// What libyaml says of an input, one thing after the other.
final class YAMLParser {
  private let parser: OpaquePointer
  private let input: YAMLInput

  /// - Throws: A `DocumentError` where there is no libyaml.
  init(_ feed: BoundedFeed) throws {
    guard tapedeck_yaml_is_there() else {
      throw DocumentError(
        line: 0,
        reason: "YAML needs libyaml, which is not here: install it (Debian: libyaml-0-2), or give "
          + "the same as JSON")
    }
    input = YAMLInput(feed)
    let context = Unmanaged.passUnretained(input).toOpaque()
    guard let parser = tapedeck_yaml_new(YAMLInput.read, context) else {
      throw DocumentError(line: 0, reason: "libyaml has no memory")
    }
    self.parser = parser
  }

  deinit { tapedeck_yaml_free(parser) }

  /// What comes next, or nil at the end; it is valid until the next call.
  func next() throws -> tapedeck_yaml_event? {
    let event = tapedeck_yaml_next(parser)
    switch event.kind {
    case TAPEDECK_YAML_END: return nil
    case TAPEDECK_YAML_BORDER:
      input.isBetweenDocuments.toggle()
      return event
    case TAPEDECK_YAML_ERROR, TAPEDECK_YAML_ENCODING_ERROR, TAPEDECK_YAML_MEMORY_ERROR:
      throw input.failure ?? error(of: event)
    default: return event
    }
  }

  /// What comes next inside a document, which libyaml does not end without its end.
  func nextInside() throws -> tapedeck_yaml_event {
    guard let event = try next() else {
      throw DocumentError(line: input.line(at: .max), reason: "the file ends inside a value")
    }
    return event
  }

  /// The bytes of the scalar that came last, which can be asked for once.
  func takeText(of event: tapedeck_yaml_event) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: event.count) { buffer, count in
      guard let base = buffer.baseAddress else { return }
      tapedeck_yaml_take(parser, base)
      count = event.count
    }
  }

  private func error(of event: tapedeck_yaml_event) -> DocumentError {
    let words = String(
      decoding: UnsafeBufferPointer(start: event.bytes, count: event.count), as: UTF8.self)
    switch event.kind {
    case TAPEDECK_YAML_MEMORY_ERROR:
      return DocumentError(line: 0, reason: "libyaml has no memory for the YAML")
    case TAPEDECK_YAML_ENCODING_ERROR:
      let offset = Int(clamping: event.offset)
      let found = event.value < 0 ? "" : " 0x" + String(event.value, radix: 16)
      return DocumentError(
        line: input.line(at: offset),
        reason: "expected text in UTF-8 or UTF-16, found\(found) at byte \(offset): \(words)")
    default:
      var clause = words
      if let context = event.context.map({ String(cString: $0) }) {
        clause += " \(context) that begins on line \(event.context_line)"
      }
      return DocumentError(
        line: Int(clamping: event.line),
        reason: event.is_at_end
          ? "the file ends inside a value: libyaml \(clause)"
          : "expected YAML, but libyaml \(clause)")
    }
  }
}

/// The input as libyaml pulls it: a little at a time.
private final class YAMLInput {
  /// What may stand between two documents: libyaml compares each of its directives with all.
  private static let borderLimitBytes = 256 << 10

  private let feed: BoundedFeed
  private var piece: [UInt8] = []
  private var taken = 0
  /// The piece before this one, of which libyaml may still have some.
  private var last: [UInt8] = []
  /// Bytes, and LF among them, of the pieces before this one.
  private var before = (bytes: 0, lines: 0)
  private var borderStart = 0
  /// Why the last pull failed.
  private(set) var failure: (any Error)?

  /// Whether the next border is the beginning of a document; the first one is that of the stream.
  var isBetweenDocuments = false {
    didSet { borderStart = before.bytes + taken }
  }

  init(_ feed: BoundedFeed) { self.feed = feed }

  static let read: tapedeck_yaml_feed = { context, buffer, size, count in
    guard let context, let buffer, let count else { return 0 }
    let input = Unmanaged<YAMLInput>.fromOpaque(context).takeUnretainedValue()
    do {
      count.pointee = try input.pull(UnsafeMutableBufferPointer(start: buffer, count: size))
      return 1
    } catch {
      input.failure = error
      return 0
    }
  }

  private func pull(_ buffer: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
    if taken == piece.count {
      before.bytes += piece.count
      before.lines += piece.count { $0 == 0x0A }
      taken = 0
      (last, piece) = (piece, [])
      do {
        piece = try feed.next()
      } catch let error as DocumentError {
        throw DocumentError(line: before.lines + 1, reason: error.reason)
      }
    }
    if isBetweenDocuments, before.bytes + taken - borderStart > Self.borderLimitBytes {
      throw DocumentError(
        line: line(at: borderStart),
        reason: "expected a document within \(Self.borderLimitBytes) bytes, found none")
    }
    let count = min(buffer.count, piece.count - taken)
    piece.withUnsafeBytes { piece in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: piece[taken..<(taken + count)]))
    }
    taken += count
    return count
  }

  /// The line of a byte that was pulled just before.
  func line(at offset: Int) -> Int {
    if offset < before.bytes {
      let behind = last.suffix(before.bytes - offset)
      return before.lines - behind.count { $0 == 0x0A } + 1
    }
    return before.lines + piece.prefix(offset - before.bytes).count { $0 == 0x0A } + 1
  }
}
