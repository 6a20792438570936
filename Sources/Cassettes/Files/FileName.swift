/// Names of files that are short enough to stand beside each other.
package enum FileName {
  /// The most bytes of a name beside which other files are written: file systems take 255, of which
  /// `.PID-N.part` may need 32.
  static let limitBytes = 223

  /// The name itself where it fits, else its beginning, `~`, a hash of all of it, and its `.tape`.
  ///
  /// - Parameters:
  ///   - name: The name, without a folder.
  ///   - endingBytes: How many bytes an ending needs that is put behind it.
  /// - Returns: A name that is the same for the same name, and its own short form.
  package static func fitting(_ name: String, endingBytes: Int = 0) -> String {
    let limit = limitBytes - endingBytes
    guard name.utf8.count > limit else { return name }
    let ending = name.hasSuffix(".tape") ? ".tape" : ""
    let hash = String(Self.hash(of: name), radix: 16)
    let digits = String(repeating: "0", count: max(0, 16 - hash.utf8.count)) + hash
    var beginning = Array(name.utf8.prefix(limit - ending.utf8.count - 1 - digits.utf8.count))
    // A character that was cut is left out.
    while String(validating: beginning, as: UTF8.self) == nil { beginning.removeLast() }
    return String(decoding: beginning, as: UTF8.self) + "~" + digits + ending
  }

  /// FNV-1a of 64 bits: the same on every machine, and nobody has to be kept from making
  /// collisions.
  private static func hash(of name: String) -> UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
