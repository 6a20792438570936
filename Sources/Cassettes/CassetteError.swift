/// Why a cassette could not be read or written, and where.
///
/// The description is one sentence for a terminal: what was found, where, and what to do.
public struct CassetteError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of trouble, each of which has one exit code on the command line.
  public enum Kind: Hashable, Sendable {
    /// The file is not what the format says: exit code 65.
    case badData
    /// The file is not there or cannot be opened: exit code 66.
    case noInput
    /// The file's exclusive creation met a file that was there: exit code 64.
    case exists
    /// The operating system refused to read or write: exit code 74's meaning, reported as 70's.
    case system
  }

  /// What kind of trouble it is.
  public var kind: Kind

  /// What was found, what was expected, and what to do, without the place.
  public var reason: String

  /// The file's path, or "" for bytes in memory.
  public var path: String

  /// The line, from 1, in the inflated text, or nil.
  public var line: Int?

  /// The byte, from 0, in the file as it is on disk, or nil.
  public var byte: Int?

  /// Creates an error from its parts.
  public init(
    _ kind: Kind, _ reason: String, path: String = "", line: Int? = nil, byte: Int? = nil
  ) {
    self.kind = kind
    self.reason = reason
    self.path = path
    self.line = line
    self.byte = byte
  }

  /// The place and the reason, for a terminal.
  public var description: String {
    var place = path
    if let line { place += "\(place.isEmpty ? "" : ": ")line \(line)" }
    if let byte { place += "\(place.isEmpty ? "" : line == nil ? ": " : ", ")byte \(byte)" }
    return place.isEmpty ? reason : "\(place): \(reason)"
  }
}
