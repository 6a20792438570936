internal import Libc

/// What the system refused, and why.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The system's number for the reason, as `errno` has it.
  package var code: Int32

  /// Creates an error from its number.
  package init(_ code: Int32) {
    self.code = code
  }

  /// The system's own words.
  package var description: String { String(cString: strerror(code)) }
}
