internal import LosslessJSON

extension LoadSeries {
  /// The counts of each stretch, those of rows as pairs: which row, how many, which row, how many.
  var json: JSONValue {
    let plain = Slot.counts.map { count in
      JSONValue.Member(count.name, .array(slots.map { .number($0[keyPath: count.path]) }))
    }
    return .object(
      [.init("width_us", .number(LoadNumber.exact(width)))] + plain + [
        .init("gaps", .array(slots.indices.map { Self.pairs(gapCounts(in: $0)) })),
        .init("ttft", .array(slots.indices.map { Self.pairs(ttftCounts(in: $0)) })),
      ])
  }

  private static func pairs(_ counts: ArraySlice<UInt32>) -> JSONValue {
    .array(
      counts.enumerated().flatMap { row, count in
        count > 0 ? [.number(row), .number(count)] : []
      })
  }

  /// Reads what was written.
  init(_ object: LoadObject) throws(LoadFileError) {
    self.init()
    let width = try object.nanoseconds("width_us")
    while self.width < width, self.width < Self.lastMoment { widen() }
    guard self.width == width else { throw object.error("width_us", "125000 doubled some times") }
    let count = try object.array("arrivals").count
    guard count <= Self.slotLimit else {
      throw object.error("arrivals", "at most \(Self.slotLimit) numbers")
    }
    grow(to: count)
    for path in Slot.counts {
      let numbers = try object.counts(path.name, count: count)
      for (index, number) in numbers.enumerated() { slots[index][keyPath: path.path] = number }
    }
    gaps = try Self.rows("gaps", of: object, count: count, scale: Self.gapScale)
    ttfts = try Self.rows("ttft", of: object, count: count, scale: Self.ttftScale)
  }

  private static func rows(
    _ key: String, of object: LoadObject, count: Int, scale: LogScale
  ) throws(LoadFileError) -> [UInt32] {
    let stretches = try object.array(key)
    var cells = [UInt32](repeating: 0, count: count * scale.count)
    for (index, stretch) in stretches.enumerated() {
      guard index < count, let numbers = stretch.elements, numbers.count % 2 == 0 else {
        throw object.error(key, "pairs of a row and a count for each of \(count) stretches")
      }
      for place in stride(from: 0, to: numbers.count, by: 2) {
        guard case .number(let row) = numbers[place], let row = Int(row),
          (0..<scale.count).contains(row),
          case .number(let number) = numbers[place + 1], let number = UInt32(number)
        else { throw object.error(key, "rows from 0 to \(scale.count - 1) with their counts") }
        cells[index * scale.count + row] = number
      }
    }
    return cells
  }
}

extension LoadSeries.Slot {
  /// The counts with their names.
  static var counts: [(name: String, path: WritableKeyPath<Self, Int>)] {
    [
      ("arrivals", \.arrivals), ("begun", \.begun), ("ended", \.ended), ("errors", \.errors),
      ("firsts", \.firsts),
    ]
  }
}
