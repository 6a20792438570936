/// Base64 with the standard alphabet and padding. (RFC 4648, 4)
package enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The value of each byte, or 0xff where it is not in the alphabet.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 0xff, count: 256)
    for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
    return values
  }()

  /// Adds the encoded form of `bytes`.
  static func append(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    var index = 0
    while index < bytes.count {
      let left = min(bytes.count - index, 3)
      var group: UInt32 = 0
      for offset in 0..<3 {
        group = group << 8 | (offset < left ? UInt32(bytes[index + offset]) : 0)
      }
      for place in 0..<4 {
        let value = Int(group >> UInt32(18 - 6 * place) & 0x3f)
        output.append(place <= left ? alphabet[value] : UInt8(ascii: "="))
      }
      index += 3
    }
  }

  /// The encoded form of `bytes`.
  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    bytes.withUnsafeBufferPointer { append($0, to: &output) }
    return output
  }

  /// Adds the bytes that `text` stands for.
  ///
  /// Strict: whole groups, padding only at the end, and the bits that padding leaves over are zero,
  /// so that each text is the only one for its bytes.
  ///
  /// - Returns: Whether the text was well formed; where it was not, nothing has been added.
  static func append(decoding text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) -> Bool {
    guard text.count % 4 == 0 else { return false }
    let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
    let before = output.count
    let count = text.count / 4 * 3 - padding
    output.append(contentsOf: repeatElement(0, count: count))
    let isWellFormed = output.withUnsafeMutableBufferPointer { output in
      let target = UnsafeMutableBufferPointer(rebasing: output[before...])
      return decode(text.dropLast(padding), padding: padding, into: target)
    }
    if !isWellFormed { output.removeLast(count) }
    return isWellFormed
  }

  private static func decode(
    _ text: Slice<UnsafeBufferPointer<UInt8>>, padding: Int,
    into output: UnsafeMutableBufferPointer<UInt8>
  ) -> Bool {
    values.withUnsafeBufferPointer { values in
      var group: UInt32 = 0
      var count = 0
      for (index, byte) in text.enumerated() {
        let value = values[Int(byte)]
        guard value != 0xff else { return false }
        group = group << 6 | UInt32(value)
        // Each byte behind the first of a group completes eight more bits.
        if index & 3 == 0 { continue }
        output[count] = UInt8(truncatingIfNeeded: group >> UInt32(6 - 2 * (index & 3)))
        count += 1
      }
      let leftOver = group & ((1 << UInt32(2 * padding)) - 1)
      return leftOver == 0
    }
  }

  /// The bytes that `text` stands for, or nil where it is not well formed.
  package static func decode(_ text: [UInt8]) -> [UInt8]? {
    var output: [UInt8] = []
    let isWellFormed = text.withUnsafeBufferPointer { append(decoding: $0, to: &output) }
    return isWellFormed ? output : nil
  }
}
