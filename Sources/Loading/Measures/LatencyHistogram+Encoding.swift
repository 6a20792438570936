package import Cassettes
internal import Units

/// The encoding V2 of HDR histograms, which every HDR library reads: a header, then the counts as
/// ZigZag LEB128 numbers, runs of empty cells as one negative number; compressed with zlib, and
/// in Base64 for text (`HISTFAAA…`).
extension LatencyHistogram {
  private static let plainCookie: UInt32 = 0x1c84_9313
  private static let compressedCookie: UInt32 = 0x1c84_9314
  // The word size of the counts, which V2 does not have, stands here.
  private static let cookieMask: UInt32 = ~0xf0
  private static let headerBytes = 40
  /// The most bytes that a compressed histogram inflates to: one of five digits, each cell filled.
  static let inflatedLimitBytes = 16 << 20
  /// The most values that a histogram is read with, so that the sums of many stay in 64 bits.
  static let countLimit: UInt64 = 1 << 52

  /// The text that HDR logs have.
  ///
  /// - Throws: where zlib has no memory.
  package func encoded() throws(CassetteError) -> [UInt8] {
    let compressed = try Zlib.compressed(plainBytes)
    var bytes: [UInt8] = []
    bytes.appendBigEndian(Self.compressedCookie)
    bytes.appendBigEndian(UInt32(compressed.count))
    return Base64.encode(bytes + compressed)
  }

  private var plainBytes: [UInt8] {
    var counts: [UInt8] = []
    var empty: Int64 = 0
    forEachCell { _, count in
      guard count > 0 else {
        empty += 1
        return
      }
      counts.appendEmptyCells(empty)
      empty = 0
      counts.appendZigZag(Int64(clamping: count))
    }
    counts.appendEmptyCells(empty)
    var bytes: [UInt8] = []
    bytes.appendBigEndian(Self.plainCookie)
    bytes.appendBigEndian(UInt32(counts.count))
    bytes.appendBigEndian(UInt32(0))
    bytes.appendBigEndian(UInt32(Self.digits))
    bytes.appendBigEndian(UInt64(1))
    bytes.appendBigEndian(UInt64(Self.limit))
    bytes.appendBigEndian((1.0).bitPattern)
    return bytes + counts
  }

  /// Reads the text of an HDR log, of this program or another.
  ///
  /// Each value is taken as the lowest of its cell; those of this program's own layout keep their
  /// cells, others the precision of the coarser one.
  ///
  /// - Returns: the histogram, or nil where the text is none.
  package init?(encoded text: [UInt8]) {
    guard let bytes = Base64.decode(text), bytes.count >= 8,
      bytes.bigEndian(UInt32.self, at: 0) & Self.cookieMask
        == Self.compressedCookie & Self.cookieMask,
      Int(bytes.bigEndian(UInt32.self, at: 4)) == bytes.count - 8,
      let plain = Zlib.inflated(Array(bytes[8...]), limit: Self.inflatedLimitBytes)
    else { return nil }
    self.init(plain: plain)
  }

  /// Reads the text of a histogram of this program, whose outermost values are known.
  ///
  /// - Returns: the histogram that was encoded, or nil where the values are not in its outermost
  ///   cells.
  package init?(encoded text: [UInt8], shortest: UInt64, longest: UInt64) {
    guard let rough = Self(encoded: text) else { return nil }
    var cells: [(lowest: UInt64, count: UInt64)] = []
    rough.forEachCell { if $1 > 0 { cells.append(($0, $1)) } }
    guard let first = cells.first, let last = cells.last, shortest <= longest,
      rough.tellsNotApart(first.lowest, shortest), rough.tellsNotApart(last.lowest, longest),
      cells.count > 1 || last.count > 1 || shortest == longest
    else { return nil }
    self.init()
    note(shortest, count: cells.count > 1 ? first.count : 1)
    for cell in cells.dropFirst().dropLast() { note(cell.lowest, count: cell.count) }
    note(longest, count: cells.count > 1 ? last.count : last.count - 1)
  }

  private init?(plain bytes: [UInt8]) {
    guard bytes.count >= Self.headerBytes,
      bytes.bigEndian(UInt32.self, at: 0) & Self.cookieMask == Self.plainCookie & Self.cookieMask,
      Int(bytes.bigEndian(UInt32.self, at: 4)) == bytes.count - Self.headerBytes,
      bytes.bigEndian(UInt32.self, at: 8) == 0
    else { return nil }
    let digits = Int(bytes.bigEndian(UInt32.self, at: 12))
    let lowest = bytes.bigEndian(UInt64.self, at: 16)
    guard HistogramLayout.digits.contains(digits), lowest > 0 else { return nil }
    let layout = HistogramLayout(lowest: lowest, digits: digits)
    self.init()
    var cells = ZigZagReader(bytes[Self.headerBytes...])
    var index = 0
    var total: UInt64 = 0
    while let number = cells.next() {
      if number <= 0 {
        // A count of 0 is one empty cell; a negative one says how many there are.
        let (next, overflow) = index.addingReportingOverflow(max(0 - max(Int(number), -.max), 1))
        guard !overflow else { return nil }
        index = next
        continue
      }
      guard let value = layout.value(at: index), number <= Self.countLimit - total else {
        return nil
      }
      total += UInt64(number)
      note(value, count: UInt64(number))
      index += 1
    }
    guard cells.isAtEnd else { return nil }
  }
}

/// Reads ZigZag LEB128 numbers of up to nine bytes, the ninth of which has eight bits.
private struct ZigZagReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// Whether all bytes were whole numbers.
  var isAtEnd: Bool { rest.isEmpty }

  /// The next number; nil at the end, or where the bytes end inside of one.
  mutating func next() -> Int64? {
    var bits: UInt64 = 0
    for (place, byte) in rest.prefix(9).enumerated() {
      let isLast = place == 8
      bits |= UInt64(isLast ? byte : byte & 0x7f) << UInt64(7 * place)
      if isLast || byte & 0x80 == 0 {
        rest = rest.dropFirst(place + 1)
        return Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1)
      }
    }
    return nil
  }
}

extension [UInt8] {
  fileprivate mutating func appendZigZag(_ number: Int64) {
    var bits = UInt64(bitPattern: number << 1 ^ number >> 63)
    for _ in 0..<8 {
      guard bits > 0x7f else { break }
      append(UInt8(truncatingIfNeeded: bits) | 0x80)
      bits >>= 7
    }
    append(UInt8(truncatingIfNeeded: bits))
  }

  fileprivate mutating func appendEmptyCells(_ count: Int64) {
    guard count > 0 else { return }
    appendZigZag(count == 1 ? 0 : -count)
  }

  fileprivate mutating func appendBigEndian(_ number: some FixedWidthInteger) {
    for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  fileprivate func bigEndian<Number: FixedWidthInteger>(_: Number.Type, at offset: Int) -> Number {
    self[offset..<offset + Number.bitWidth / 8].reduce(0) { $0 << 8 | Number($1) }
  }
}
