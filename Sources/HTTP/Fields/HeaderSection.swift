/// Reads field lines as they come, byte for byte as Latin-1, and takes what a recipient may take.
///
/// A line that begins with white space goes on with the value of the line before. (RFC 9112, 5.2)
package struct HeaderSection {
  /// The bytes that one section may have; a longer one is given up.
  static let limitBytes = 1 << 20

  /// The fields that one section may have.
  static let limitFields = 100_000

  /// The fields so far, in order.
  package private(set) var fields: [HeaderField] = []

  /// How many lines were left out because they are no fields.
  package private(set) var leftOut = 0

  private var isFieldOpen = false
  private var bytes = 0

  /// Begins with no field.
  package init() {}

  /// Adds a line, its end included or not; false where the section is too long.
  ///
  /// A line that is no field is left out, and what goes on with it.
  package mutating func add(_ line: some Collection<UInt8>) -> Bool {
    bytes += line.count
    guard bytes <= Self.limitBytes, fields.count < Self.limitFields else { return false }
    let content = Self.content(of: line)
    if let first = content.first, first.isBlank {
      goOn(with: Latin1.string(of: content.withoutBlanksAround))
    } else if let colon = content.firstIndex(of: UInt8(ascii: ":")),
      case let name = Latin1.string(of: content[..<colon].withoutBlanksAround), name.isToken
    {
      fields.append(HeaderField(name, bytes: content[(colon + 1)...].withoutBlanksAround))
      isFieldOpen = true
    } else {
      leftOut += 1
      isFieldOpen = false
    }
    return true
  }

  private mutating func goOn(with rest: String) {
    guard isFieldOpen, let last = fields.indices.last else {
      leftOut += 1
      return
    }
    let separator = fields[last].value.isEmpty || rest.isEmpty ? "" : " "
    fields[last].value += separator + rest
  }

  /// The bytes of a line without its end; what no field value may hold becomes a space. (RFC 9110,
  /// 5.5)
  private static func content(of line: some Collection<UInt8>) -> ArraySlice<UInt8> {
    var content: [UInt8] = []
    content.reserveCapacity(line.count)
    for byte in line where byte != UInt8(ascii: "\n") {
      content.append(byte == 0 || byte == UInt8(ascii: "\r") ? UInt8(ascii: " ") : byte)
    }
    return content[...]
  }
}
