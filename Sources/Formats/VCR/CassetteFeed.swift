internal import Documents

/// The bytes of a cassette, of which the first are looked at to tell JSON from YAML, and the last
/// to tell whether the file was cut.
final class CassetteFeed {
  /// The syntax, by how the file begins.
  let syntax: DocumentSyntax
  private let feed: ByteFeed
  private var first: ArraySlice<UInt8>
  private var lastByte: UInt8?
  private var isAtEnd = false

  /// Reads as much as says whether this is JSON.
  init(_ feed: @escaping ByteFeed) throws {
    var bytes: [UInt8] = []
    var opening: UInt8?
    while opening == nil, bytes.count < Opening.limitBytes {
      let more = try feed(Opening.limitBytes)
      if more.isEmpty { break }
      bytes += more
      opening = Opening(bytes: bytes, fileName: "").firstByte
    }
    self.feed = feed
    first = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    syntax = opening == UInt8(ascii: "{") || opening == UInt8(ascii: "[") ? .json : .yaml
  }

  /// The next bytes, as `ByteFeed` has it.
  func next(_ limitBytes: Int) throws -> [UInt8] {
    let more = first.isEmpty ? try feed(limitBytes) : Array(first.prefix(limitBytes))
    first = first.dropFirst(limitBytes)
    if let last = more.last { lastByte = last } else { isAtEnd = true }
    return more
  }

  /// The last byte, where all was read and ends as no program ends a YAML file: within a line.
  var byteOfCut: UInt8? {
    syntax == .yaml && isAtEnd && lastByte != UInt8(ascii: "\n") ? lastByte : nil
  }
}
