internal import HTTP
internal import LosslessJSON

/// The data of a `q`, `h` or `e` line while its known keys are taken out of it.
///
/// What is left at the end are the keys that this version does not know.
struct LineObject {
  /// The members that have not been taken, in order.
  private(set) var rest: [JSONValue.Member]

  private let code: String

  init(_ data: JSONValue, code: String) throws(CassetteError) {
    guard case .object(let members) = data else {
      throw CassetteError(.badData, "the data of a '\(code)' line must be an object")
    }
    self.rest = members
    self.code = code
  }

  /// Takes the member of that key, or nil where there is none.
  mutating func value(_ key: String) throws(CassetteError) -> JSONValue? {
    guard let index = rest.firstIndex(where: { $0.key.elementsEqual(key.utf8) }) else { return nil }
    let member = rest.remove(at: index)
    guard !rest.contains(where: { $0.key.elementsEqual(key.utf8) }) else {
      throw error("\(key) is given twice")
    }
    return member.value
  }

  /// Takes a string's bytes.
  mutating func bytes(_ key: String) throws(CassetteError) -> [UInt8]? {
    guard let value = try value(key) else { return nil }
    guard case .string(let bytes) = value else { throw error("\(key) must be a string") }
    return bytes
  }

  /// Takes a string.
  mutating func string(_ key: String) throws(CassetteError) -> String? {
    guard let bytes = try bytes(key) else { return nil }
    guard let string = String(validating: bytes, as: UTF8.self) else {
      throw error("\(key) is not valid Unicode: it has half of a surrogate pair")
    }
    return string
  }

  /// Takes a whole number, written without fraction and exponent.
  mutating func integer(_ key: String) throws(CassetteError) -> Int64? {
    guard let value = try value(key) else { return nil }
    guard case .number(let text) = value, let number = Int64(text) else {
      throw error("\(key) must be a whole number")
    }
    return number
  }

  /// Takes header fields, none where the key is absent.
  mutating func fields(_ key: String) throws(CassetteError) -> [HeaderField] {
    guard let value = try value(key) else { return [] }
    return try [HeaderField](line: value, name: "\(key) of the '\(code)' line")
  }

  /// Takes a string that names one case of an enumeration.
  mutating func choice<Choice: RawRepresentable<String>>(
    _ key: String, of type: Choice.Type = Choice.self
  ) throws(CassetteError) -> Choice? {
    guard let text = try string(key) else { return nil }
    guard let choice = Choice(rawValue: text) else { throw error("\(key) '\(text)' is not known") }
    return choice
  }

  /// An error about this line.
  func error(_ problem: String) -> CassetteError {
    CassetteError(.badData, "'\(code)' line: \(problem)")
  }
}

extension [JSONValue.Member] {
  /// Adds a member, unless there is no value.
  mutating func add(_ key: String, _ value: String?) {
    if let value { append(JSONValue.Member(key, .string(value))) }
  }
}
