/// The keys that stand at the beginning of a cassette, by which its kind is told.
///
/// Nothing is parsed: an opening ends anywhere. What looks like a key in the text of a body does no
/// harm, since kinds are told by several.
struct CassetteClues {
  /// Keys on lines of YAML that are not indented, in order.
  private(set) var topKeys: [String] = []
  /// Keys of YAML that begin an element of a list which is the document.
  private(set) var listKeys: Set<String> = []
  /// The first key of JSON.
  private(set) var firstKey: String?
  /// All keys.
  private(set) var keys: Set<String> = []
  /// The first byte of the first value of `recorded_at`, behind a quote.
  private(set) var recordedAtByte: UInt8?
  /// Whether the file looks like JSON.
  let isJSON: Bool

  private static let longestKey = 32

  init(_ opening: Opening) {
    isJSON = opening.isJSON
    if isJSON { findJSONKeys(opening.bytes) } else { findYAMLKeys(opening.bytes) }
  }

  /// Whether all of some keys are there.
  func has(_ names: String...) -> Bool { keys.isSuperset(of: names) }

  private mutating func findYAMLKeys(_ bytes: [UInt8]) {
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      var rest = line.drop { $0 == UInt8(ascii: " ") }
      let isIndented = rest.startIndex > line.startIndex
      var isElement = false
      while rest.starts(with: "- ".utf8) {
        rest = rest.dropFirst(2).drop { $0 == UInt8(ascii: " ") }
        isElement = true
      }
      let name = rest.prefix(Self.longestKey).prefix(while: Self.isKeyByte)
      let behind = rest[name.endIndex...]
      guard !name.isEmpty, behind.first == UInt8(ascii: ":"),
        behind.dropFirst().first.map({ $0 <= 0x20 }) ?? true
      else { continue }
      let key = String(decoding: name, as: UTF8.self)
      keys.insert(key)
      if key == "recorded_at" { noteRecordedAt(behind.dropFirst()) }
      if !isIndented {
        if isElement { listKeys.insert(key) } else { topKeys.append(key) }
      }
    }
  }

  /// A quote within a string has a backslash before it, so that no key is found in one.
  private mutating func findJSONKeys(_ bytes: [UInt8]) {
    let quote = UInt8(ascii: "\"")
    var place = bytes.startIndex
    while let open = bytes[place...].firstIndex(of: quote) {
      let name = bytes[(open + 1)...].prefix(Self.longestKey).prefix(while: Self.isKeyByte)
      place = open + 1
      guard !name.isEmpty, name.endIndex < bytes.endIndex, bytes[name.endIndex] == quote else {
        continue
      }
      let behind = bytes[(name.endIndex + 1)...].drop { $0 <= 0x20 }
      guard behind.first == UInt8(ascii: ":") else { continue }
      place = behind.startIndex
      let key = String(decoding: name, as: UTF8.self)
      if firstKey == nil { firstKey = key }
      keys.insert(key)
      if key == "recorded_at" { noteRecordedAt(behind.dropFirst()) }
    }
  }

  /// Whether interactions come first in JSON, as where its keys are sorted; VCR.py's own files
  /// begin with their version.
  var beginsWithInteractions: Bool {
    isJSON && firstKey == "interactions" && has("uri") && !has("parsed_body")
  }

  private mutating func noteRecordedAt(_ value: ArraySlice<UInt8>) {
    guard recordedAtByte == nil else { return }
    recordedAtByte = value.first { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != 0x27 }
  }

  private static func isKeyByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte)
      || (0x61...0x7A).contains(byte | 0x20)
  }
}
