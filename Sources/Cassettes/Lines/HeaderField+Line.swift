internal import HTTP
internal import LosslessJSON

extension [HeaderField] {
  /// Reads fields from an array of `[name, value]`.
  ///
  /// - Parameters:
  ///   - data: The array.
  ///   - name: What an error calls it.
  /// - Throws: Where it is anything else; what the fields hold is for `check()`.
  init(line data: JSONValue, name: String) throws(CassetteError) {
    guard case .array(let elements) = data else {
      throw CassetteError(.badData, "\(name) must be an array of [name, value]")
    }
    self = []
    reserveCapacity(elements.count)
    for element in elements {
      guard case .array(let pair) = element, pair.count == 2, case .string(let key) = pair[0],
        case .string(let value) = pair[1],
        let key = String(validating: key, as: UTF8.self),
        let value = String(validating: value, as: UTF8.self)
      else { throw CassetteError(.badData, "\(name) must be an array of [name, value]") }
      append(HeaderField(key, value))
    }
  }

  /// The fields as an array of `[name, value]`.
  var lineData: JSONValue {
    .array(map { .array([.string($0.name), .string($0.value)]) })
  }

  /// Refuses fields that would not survive the wire, or would smuggle a line into it.
  func check() throws(CassetteError) {
    for field in self {
      guard field.name.isToken else {
        throw CassetteError(.badData, "the header name '\(field.name.printable)' is not a token")
      }
      guard field.value.unicodeScalars.allSatisfy({ $0.value <= 0xff }) else {
        throw CassetteError(
          .badData, "the value of header '\(field.name)' has a character that is not Latin-1")
      }
      guard field.value.utf8.allSatisfy({ $0 != 0x0d && $0 != 0x0a && $0 != 0 }) else {
        throw CassetteError(.badData, "the value of header '\(field.name)' has a CR, LF or NUL")
      }
    }
  }
}

extension String {
  /// Whether it has a control character or a space.
  var hasControlOrSpace: Bool {
    unicodeScalars.contains { $0.value <= 0x20 || (0x7f...0x9f).contains($0.value) }
  }

  /// The beginning, without control characters, for a message.
  var printable: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.prefix(60).map { $0.value < 0x20 || $0.value == 0x7f ? "?" : $0 }))
  }
}
