internal import LosslessJSON
internal import Units

/// The line of a chunk in its canonical shape, `[digits,"d","..."]` or `[digits,"b","..."]`.
///
/// These are nearly all the bytes of a cassette, so they go from the buffer into the body without a
/// JSON value between. Every other shape, white space included, is left to the JSON parser.
enum ChunkLine {
  /// Reads a line and adds its bytes to a body.
  ///
  /// - Returns: The interval, or nil where the line has another shape or is not well formed; then
  ///   nothing has been added.
  static func read(_ line: UnsafeBufferPointer<UInt8>, into body: inout [UInt8]) -> Int64? {
    guard line.count > 9, line[0] == UInt8(ascii: "["), line[line.count - 1] == UInt8(ascii: "]"),
      line[line.count - 2] == UInt8(ascii: "\"")
    else { return nil }
    var index = 1
    var interval: Int64 = 0
    while index < line.count, (0x30...0x39).contains(line[index]) {
      interval = interval * 10 + Int64(line[index] - 0x30)
      index += 1
      if index > 17 { return nil }
    }
    guard index > 1, index == 2 || line[1] != UInt8(ascii: "0"), line.count - index >= 8,
      line[index] == UInt8(ascii: ","), line[index + 1] == UInt8(ascii: "\""),
      line[index + 3] == UInt8(ascii: "\""), line[index + 4] == UInt8(ascii: ","),
      line[index + 5] == UInt8(ascii: "\"")
    else { return nil }
    let isRead =
      switch line[index + 2] {
      case UInt8(ascii: "d"): appendText(line, from: index + 6, to: &body)
      case UInt8(ascii: "b"):
        Base64.append(
          decoding: UnsafeBufferPointer(rebasing: line[(index + 6)..<(line.count - 2)]), to: &body)
      default: false
      }
    return isRead ? interval : nil
  }

  private static func appendText(
    _ line: UnsafeBufferPointer<UInt8>, from start: Int, to body: inout [UInt8]
  ) -> Bool {
    let before = body.count
    let room = line.count - start
    body.append(contentsOf: repeatElement(0, count: room))
    let count = body.withUnsafeMutableBufferPointer { body -> Int? in
      guard let base = body.baseAddress,
        let text = try? JSONString.unescape(line, from: start, into: base + before),
        text.end == line.count - 1, !text.hasLoneSurrogate
      else { return nil }
      return text.count
    }
    body.removeLast(room - (count ?? 0))
    return count != nil
  }
}
