package import Documents

/// A format of files that exchanges can be imported from: one type, one file.
package protocol ImportFormat: Sendable {
  /// Its name for `--from`: lower-case letters, digits and hyphens.
  var name: String { get }

  /// What writes such files, for a person: "VCR.py".
  var title: String { get }

  /// How sure it is that a file is its own, by how that begins.
  func recognizes(_ opening: Opening) -> Certainty

  /// Reads a file and hands over its exchanges, in its order, each as soon as it is whole.
  ///
  /// - Throws: An `ImportError` that says what was expected and what was found, a `DocumentError`,
  ///   or what `emit` throws.
  func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws
}

/// How sure a format is that a file is its own.
package enum Certainty: Int, Comparable, Sendable {
  /// It is not.
  case no
  /// It has the shape, which others may have as well.
  case possible
  /// It has what this format has in common with few others.
  case likely
  /// It has what no other format has.
  case certain

  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// How a file begins, which is what formats are told apart by.
package struct Opening: Sendable {
  /// The most bytes of it.
  package static let limitBytes = 64 << 10

  /// The first bytes, inflated where the file is compressed; in UTF-8 where they are UTF-16 with a
  /// byte order mark.
  package let bytes: [UInt8]
  /// The last part of the file's path.
  package let fileName: String

  /// Creates an opening.
  package init(bytes: [UInt8], fileName: String) {
    self.bytes = Self.isUTF16(bytes) ? Self.transcoded(bytes) : bytes
    self.fileName = fileName
  }

  /// Whether bytes begin with the byte order mark of UTF-16.
  static func isUTF16(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
  }

  private static func transcoded(_ bytes: [UInt8]) -> [UInt8] {
    let low = bytes[0] == 0xFF ? 0 : 1
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map { place in
      UInt16(bytes[place + low]) | UInt16(bytes[place + 1 - low]) << 8
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  /// The first byte that is no white space and no byte order mark, or nil.
  package var firstByte: UInt8? {
    (bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]).first { $0 > 0x20 }
  }

  /// Whether it looks like JSON.
  package var isJSON: Bool { firstByte == UInt8(ascii: "{") || firstByte == UInt8(ascii: "[") }

  /// Whether some bytes stand in it.
  package func contains(_ text: String) -> Bool {
    let needle = Array(text.utf8)
    guard let first = needle.first, bytes.count >= needle.count else { return false }
    return (0...(bytes.count - needle.count)).contains { place in
      bytes[place] == first && bytes[place...].starts(with: needle)
    }
  }

  /// Whether a line begins with some bytes.
  package func hasLine(beginning text: String) -> Bool {
    bytes.starts(with: text.utf8) || contains("\n" + text)
  }
}

/// A file that is read.
package struct ImportInput {
  /// Its bytes, inflated where the file is compressed.
  package var feed: ByteFeed
  /// The last part of its path.
  package var fileName: String
  /// What is read of it before it is refused.
  package var limits: DocumentLimits
  /// The bytes of a file beside it, by a path relative to it; nil where there is none.
  package var sibling: (String) throws -> [UInt8]?
  /// Takes what is to be said of the whole file, each as a clause: "2 WebSockets are left out".
  package var note: (String) -> Void = { _ in }

  /// Creates an input.
  package init(
    feed: @escaping ByteFeed, fileName: String, limits: DocumentLimits = .init(),
    sibling: @escaping (String) throws -> [UInt8]? = { _ in nil }
  ) {
    self.feed = feed
    self.fileName = fileName
    self.limits = limits
    self.sibling = sibling
  }

  /// The whole file.
  ///
  /// - Throws: An `ImportError` where it has more than `limits.nodeBytes`.
  package func contents() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let more = try feed(256 << 10)
      if more.isEmpty { return bytes }
      guard bytes.count + more.count <= limits.nodeBytes else {
        throw ImportError("has more than \(limits.nodeBytes) bytes, which is the limit")
      }
      bytes += more
    }
  }
}

/// Why a file is not what its format says, and where.
package struct ImportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line, from 1, or 0 where the place has none.
  package var line: Int
  /// The byte, from 0, where lines say nothing; else nil.
  package var byte: Int?
  /// What was expected, what was found, and what to do.
  package var reason: String

  /// Creates an error.
  package init(_ reason: String, line: Int = 0, byte: Int? = nil) {
    self.reason = reason
    self.line = line
    self.byte = byte
  }

  /// The place and the reason.
  package var description: String {
    if line > 0 { return "line \(line): \(reason)" }
    return byte.map { "byte \($0): \(reason)" } ?? reason
  }
}
