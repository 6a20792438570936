internal import LosslessJSON

/// An object of a result, and the file that it stands in; what is missing or of another kind is an
/// error that says where.
struct LoadObject {
  private let value: JSONValue
  private let file: String
  private let path: String

  /// Reads a whole file.
  init(parsing bytes: [UInt8], file: String) throws(LoadFileError) {
    do {
      value = try JSONValue(parsing: bytes, values: LoadJSON.valueLimit)
    } catch {
      throw LoadFileError(file, "\(error); expected what `tapedeck load --json` writes")
    }
    self.file = file
    path = ""
    guard value.members != nil, value["histograms"] != nil else {
      throw LoadFileError(
        file, "expected what `tapedeck load --json` writes, an object with `histograms`")
    }
  }

  private init(_ value: JSONValue, file: String, path: String) {
    self.value = value
    self.file = file
    self.path = path
  }

  func error(_ key: String, _ expected: String) -> LoadFileError {
    LoadFileError(
      file, "`\(path)\(key)` is not what `tapedeck load --json` writes: expected \(expected)")
  }

  /// The objects' members in their order.
  var members: [JSONValue.Member] { value.members ?? [] }

  func isNull(_ key: String) -> Bool { value[key] == .null }

  func object(_ key: String) throws(LoadFileError) -> LoadObject {
    guard let found = value[key], found.members != nil else { throw error(key, "an object") }
    return LoadObject(found, file: file, path: "\(path)\(key).")
  }

  func array(_ key: String) throws(LoadFileError) -> [JSONValue] {
    guard let elements = value[key]?.elements else { throw error(key, "an array") }
    return elements
  }

  func bytes(_ key: String) throws(LoadFileError) -> [UInt8] {
    guard case .string(let bytes) = value[key] else { throw error(key, "a string") }
    return bytes
  }

  func text(_ key: String) throws(LoadFileError) -> String {
    String(decoding: try bytes(key), as: UTF8.self)
  }

  func bool(_ key: String) throws(LoadFileError) -> Bool {
    guard case .bool(let found) = value[key] else { throw error(key, "true or false") }
    return found
  }

  func integer<Number: FixedWidthInteger>(
    _ key: String, in range: ClosedRange<Number>
  ) throws(LoadFileError) -> Number {
    guard case .number(let text) = value[key], let number = Number(text), range.contains(number)
    else { throw error(key, "a whole number from \(range.lowerBound) to \(range.upperBound)") }
    return number
  }

  func count(_ key: String) throws(LoadFileError) -> Int {
    try integer(key, in: 0...LoadNumber.countLimit)
  }

  func double(_ key: String) throws(LoadFileError) -> Double {
    guard case .number(let text) = value[key], let number = Double(text), number >= 0,
      number < 1e12
    else { throw error(key, "a number from 0 on") }
    return number
  }

  /// A time in exact microseconds, which is 0 or later.
  func nanoseconds(_ key: String) throws(LoadFileError) -> Int64 {
    guard case .number(let text) = value[key], let time = LoadNumber.nanoseconds(exact: text),
      time >= 0
    else { throw error(key, "microseconds from 0 on, with three decimals at most") }
    return time
  }

  /// So many counts.
  func counts(_ key: String, count: Int) throws(LoadFileError) -> [Int] {
    let elements = try array(key)
    guard elements.count == count else { throw error(key, "\(count) numbers") }
    var numbers: [Int] = []
    for element in elements {
      guard case .number(let text) = element, let number = Int(text),
        (0...LoadNumber.countLimit).contains(number)
      else { throw error(key, "counts from 0 on") }
      numbers.append(number)
    }
    return numbers
  }
}
