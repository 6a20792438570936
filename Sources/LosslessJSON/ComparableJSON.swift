/// The form of a JSON text that two texts share exactly when they are equal as JSON.
///
/// It is compact, its members are sorted by their keys' bytes (those of one key stay in order),
/// strings are compared by the bytes that they stand for, and numbers by their exact decimal
/// values. It is made in one pass over the text, without a value for anything in it.
package struct ComparableJSON: Sendable {
  /// A member of the outermost object.
  struct Member: Sendable {
    /// Where its key stands in `bytes`, with the quotes.
    var key: Range<Int>
  }

  /// The form.
  package let bytes: [UInt8]

  /// Whether it is an object.
  package var isObject: Bool { bytes.first == UInt8(ascii: "{") }

  private let members: [Member]

  /// Reads one JSON text, strictly.
  ///
  /// - Parameters:
  ///   - text: The whole text.
  ///   - nesting: How many arrays and objects may stand in each other, 1000 at the most.
  ///   - values: How many values there may be.
  ///   - pointers: What is left out. Indices are those of the text.
  ///   - normalize: What changes the bytes of each string but the keys.
  /// - Throws: What was wrong, and at which byte.
  package init(
    parsing text: [UInt8], nesting: Int = 64, values: Int = JSONValue.valueLimit,
    ignoring pointers: [JSONPointer] = [], normalize: ((inout [UInt8]) -> Void)? = nil
  ) throws(JSONError) {
    (bytes, members) = try text.withUnsafeBufferPointer { (text) throws(JSONError) in
      let scanner = JSONScanner(text, nesting: nesting, values: values)
      var writer = ComparableJSONWriter(scanner, normalize: normalize)
      return try writer.document(ignoring: pointers)
    }
  }

  /// The form of the value of the last member of that name of the outermost object, or nil: it is
  /// the one that counts for most readers of JSON where a name comes twice.
  ///
  /// - Parameter key: A name that needs no escape.
  package subscript(last key: String) -> ArraySlice<UInt8>? {
    let name = "\"\(key)\"".utf8
    let last = members.lastIndex { member in
      member.key.count == name.count && bytes[member.key].elementsEqual(name)
    }
    guard let last else { return nil }
    let next = last + 1 < members.count ? members[last + 1].key.lowerBound : bytes.count
    return bytes[(members[last].key.upperBound + 1)..<(next - 1)]
  }
}
