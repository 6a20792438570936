/// Where in a text a byte stands, as editors count it: both from 1, the column in characters.
struct TextPlace: Equatable {
  let line: Int
  let column: Int

  /// The place of a byte, from 0; one behind the end is that of the end.
  init(of offset: Int, in bytes: [UInt8]) {
    let before = bytes.prefix(offset)
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    line = before.count { $0 == UInt8(ascii: "\n") } + 1
    column = String(decoding: before[start...], as: UTF8.self).unicodeScalars.count + 1
  }
}
