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
  package static func append(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    let padding = UInt8(ascii: "=")
    alphabet.withUnsafeBufferPointer { alphabet in
      var index = 0
      while index < bytes.count {
        let left = bytes.count - index
        let first = UInt32(bytes[index]) << 16
        let second = left > 1 ? UInt32(bytes[index + 1]) << 8 : 0
        let group = first | second | (left > 2 ? UInt32(bytes[index + 2]) : 0)
        output.append(alphabet[Int(group >> 18)])
        output.append(alphabet[Int(group >> 12 & 0x3f)])
        output.append(left > 1 ? alphabet[Int(group >> 6 & 0x3f)] : padding)
        output.append(left > 2 ? alphabet[Int(group & 0x3f)] : padding)
        index += 3
      }
    }
  }

  /// The encoded form of `bytes`.
  package static func encode(_ bytes: [UInt8]) -> [UInt8] {
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
  package static func append(
    decoding text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]
  ) -> Bool {
    guard text.count % 4 == 0 else { return false }
    let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
    let before = output.count
    let count = text.count / 4 * 3 - padding
    output.append(contentsOf: repeatElement(0, count: count))
    let isWellFormed = output.withUnsafeMutableBufferPointer { output in
      let target = UnsafeMutableBufferPointer(rebasing: output[before...])
      let digits = UnsafeBufferPointer(rebasing: text.dropLast(padding))
      return decode(digits, padding: padding, into: target)
    }
    if !isWellFormed { output.removeLast(count) }
    return isWellFormed
  }

  private static func decode(
    _ digits: UnsafeBufferPointer<UInt8>, padding: Int,
    into output: UnsafeMutableBufferPointer<UInt8>
  ) -> Bool {
    values.withUnsafeBufferPointer { values in
      var group: UInt32 = 0
      var count = 0
      var index = 0
      while index < digits.count {
        let value = values[Int(digits[index])]
        guard value != 0xff else { return false }
        group = group << 6 | UInt32(value)
        // Each digit behind the first of a group completes eight more bits.
        if index & 3 != 0 {
          output[count] = UInt8(truncatingIfNeeded: group >> UInt32(6 - 2 * (index & 3)))
          count += 1
        }
        index += 1
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
