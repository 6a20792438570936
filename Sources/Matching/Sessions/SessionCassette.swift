internal import Cassettes
internal import Patterns

/// The cassette of its own that a session has in a folder of them.
package enum SessionCassette {
  /// The name of a session's file: every byte but `A-Z a-z 0-9 _ -` is written `%XX`; of what
  /// becomes too long, the end is a hash.
  package static func fileName(of session: String) -> String { "\(name(of: session)).tape" }

  /// The name of a session's cassette, by which a directive asks for it.
  package static func name(of session: String) -> String {
    var name = ""
    for byte in session.utf8 {
      if ByteSet.word.contains(byte) || byte == UInt8(ascii: "-") {
        name.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        name += byte < 16 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return FileName.fitting(name, endingBytes: ".tape".utf8.count)
  }
}
