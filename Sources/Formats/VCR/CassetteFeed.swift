internal import Documents

/// The bytes of a cassette, whose last one tells whether the file was cut.
final class CassetteFeed {
  /// The syntax, by how the file begins.
  let syntax: DocumentSyntax
  private let feed: ByteFeed
  private var lastByte: UInt8?
  private var isAtEnd = false

  /// Reads as much as says whether this is JSON.
  init(_ input: ImportInput) throws {
    let (feed, isJSON) = try input.peekedForJSON()
    self.feed = feed
    syntax = isJSON ? .json : .yaml
  }

  /// The next bytes, as `ByteFeed` has it.
  func next(_ limitBytes: Int) throws -> [UInt8] {
    let more = try feed(limitBytes)
    if let last = more.last { lastByte = last } else { isAtEnd = true }
    return more
  }

  /// The last byte, where all was read and ends as no program ends a YAML file: within a line.
  var byteOfCut: UInt8? {
    syntax == .yaml && isAtEnd && lastByte != UInt8(ascii: "\n") ? lastByte : nil
  }
}
