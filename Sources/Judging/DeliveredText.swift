/// The text that a client delivered, beside texts that it could deliver.
///
/// A client that prints its text puts one line end behind it, which is not a part of the text.
struct DeliveredText {
  /// The text as it was delivered.
  let bytes: [UInt8]

  /// The text as it may be meant: as it was delivered, and without one line end behind it.
  private let readings: [ArraySlice<UInt8>]

  /// Whether there was more than is kept, so that the text equals nothing.
  private let isCut: Bool

  init(_ delivered: Delivered) {
    bytes = delivered.text
    isCut = delivered.isCut
    let all = bytes[...]
    readings = isCut || all.droppingLineEnd.count == all.count ? [all] : [all, all.droppingLineEnd]
  }

  /// The text without a line end behind it, by which its length is told.
  var shortest: ArraySlice<UInt8> { readings.last ?? [] }

  /// Whether it is a text, wholly.
  func equals(_ text: [UInt8]) -> Bool {
    !isCut && readings.contains { $0.elementsEqual(text) }
  }

  /// Whether it is a text, or its beginning.
  func begins(_ text: [UInt8]) -> Bool {
    readings.contains { text.starts(with: $0) }
  }

  /// How many bytes are as in a text before the first that differs.
  func commonBytes(with text: [UInt8]) -> Int {
    zip(bytes, text).prefix { $0 == $1 }.count
  }

  /// Whether it is a text, or its beginning, and then the text once more.
  ///
  /// - Parameters:
  ///   - whole: the text.
  ///   - arrived: what arrived on each attempt, which a client may have put one behind the other.
  /// - Returns: whether text stands twice in it.
  func repeats(_ whole: [UInt8], arrived: [[UInt8]]) -> Bool {
    isCut
      ? isFilled(with: whole)
      : ([whole] + arrived).contains { endsTwice(with: $0) } || joins(arrived)
  }

  /// Whether it ends with a text, before which stands a beginning of the text.
  private func endsTwice(with text: [UInt8]) -> Bool {
    guard !text.isEmpty else { return false }
    return readings.contains { reading in
      guard reading.count > text.count, reading.suffix(text.count).elementsEqual(text) else {
        return false
      }
      let before = reading.dropLast(text.count)
      return [before, before.droppingLineEnd].contains { before in
        !before.isEmpty
          && (text.starts(with: before) || before.suffix(text.count).elementsEqual(text))
      }
    }
  }

  /// Whether it is what arrived on two attempts or more, one behind the other.
  private func joins(_ arrived: [[UInt8]]) -> Bool {
    readings.contains { reading in
      var rest = reading
      var count = 0
      for text in arrived where !text.isEmpty && !rest.isEmpty {
        guard rest.starts(with: text) else {
          guard text.starts(with: rest) else { break }
          return count > 0
        }
        rest = rest.dropFirst(text.count).droppingFirstLineEnd
        count += 1
      }
      return rest.isEmpty && count > 1
    }
  }

  /// Whether it is a text again and again, as far as it is kept.
  private func isFilled(with text: [UInt8]) -> Bool {
    guard !text.isEmpty, bytes.starts(with: text) else { return false }
    let rest = bytes.dropFirst(text.count).droppingFirstLineEnd
    return !rest.isEmpty && rest.starts(with: text.prefix(rest.count))
  }
}

extension ArraySlice<UInt8> {
  /// The bytes without one line end behind them, `\n` or `\r\n`.
  fileprivate var droppingLineEnd: ArraySlice<UInt8> {
    guard last == UInt8(ascii: "\n") else { return self }
    let line = dropLast()
    return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
  }

  /// The bytes without one line end in front of them.
  fileprivate var droppingFirstLineEnd: ArraySlice<UInt8> {
    if first == UInt8(ascii: "\n") { return dropFirst() }
    return starts(with: "\r\n".utf8) ? dropFirst(2) : self
  }
}

extension Collection<UInt8> {
  /// How many characters of UTF-8 begin in the bytes.
  var characterCount: Int { reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 } }
}
