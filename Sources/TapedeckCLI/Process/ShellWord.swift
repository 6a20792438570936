/// Words as a shell reads them back.
enum ShellWord {
  /// A word in quotes, unless it is plain: letters, digits and what means nothing to a shell.
  ///
  /// - Parameters:
  ///   - word: The word.
  ///   - alsoPlain: What means nothing where this word stands, as patterns in an assignment.
  /// - Returns: The word, in quotes where it needs them.
  static func quoted(_ word: String, alsoPlain: String = "") -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || "._-/:,@%+=".utf8.contains(byte) || alsoPlain.utf8.contains(byte)
    }
    return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
  }
}
