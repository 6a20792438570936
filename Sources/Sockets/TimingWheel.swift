/// What is due when, in ticks: a hashed timing wheel.
///
/// Each slot holds what is due at its tick, in this round or a later one, in the order in which it
/// came; inserting and taking out cost the same however much there is. All entries stand in one
/// array, linked by their indices, so that a wheel that has grown to its size allocates nothing.
/// (Varghese and Lauck, scheme 6)
package struct TimingWheel<Element: BitwiseCopyable> {
  private struct Entry {
    var tick: Int
    var element: Element
    /// The next entry of its slot, or of those that are free.
    var next: Int32
  }

  private struct Slot {
    var first = TimingWheel.none
    var last = TimingWheel.none
  }

  private static var none: Int32 { -1 }

  private var entries: [Entry] = []
  private var free = TimingWheel.none
  private var slots: [Slot]
  private let mask: Int

  /// The first tick of which not all is taken out.
  private var current: Int

  /// How many entries there are.
  package private(set) var count = 0

  /// - Parameters:
  ///   - slotsLog2: the logarithm of the ticks of a round, to the base 2.
  ///   - start: a tick before which nothing is due.
  package init(slotsLog2: Int, start: Int) {
    slots = Array(repeating: Slot(), count: 1 << slotsLog2)
    mask = slots.count - 1
    current = start
  }

  /// Puts an element in, to be taken at a tick, or at the next take where that is over.
  ///
  /// - Returns: whether it was put in: there is room for two thousand million.
  @discardableResult
  package mutating func insert(_ element: Element, at tick: Int) -> Bool {
    let tick = max(tick, current)
    guard let index = place(Entry(tick: tick, element: element, next: Self.none)) else {
      return false
    }
    append(index, to: tick & mask)
    count += 1
    return true
  }

  /// Takes out what is due, the earliest tick first where that is no more than a round ago.
  ///
  /// - Parameters:
  ///   - tick: the tick that it is now.
  ///   - limit: how many to take at the most.
  ///   - due: where they are appended.
  /// - Returns: whether that was all that is due.
  package mutating func take(upTo tick: Int, atMost limit: Int, into due: inout [Element]) -> Bool {
    guard count > 0 else {
      current = max(current, tick)
      return true
    }
    var left = limit
    // One round shows every slot.
    let last = min(tick, current + mask)
    while current <= last {
      guard takeSlot(current & mask, upTo: tick, atMost: &left, into: &due) else { return false }
      if current == tick { return true }
      current += 1
    }
    current = max(current, tick)
    return true
  }

  /// Takes out what nobody waits for any more.
  package mutating func removeAll(where isOver: (Element) -> Bool) {
    for slot in slots.indices {
      var before = Self.none
      var index = slots[slot].first
      while index != Self.none {
        let entry = entries[Int(index)]
        if isOver(entry.element) {
          unlink(index, behind: before, of: slot)
        } else {
          before = index
        }
        index = entry.next
      }
    }
  }

  /// The earliest tick at which something is due, or nil where there is nothing.
  package var next: Int? {
    guard count > 0 else { return nil }
    var earliest = Int.max
    for tick in current...(current + mask) {
      var index = slots[tick & mask].first
      while index != Self.none {
        let entry = entries[Int(index)]
        if entry.tick <= tick { return entry.tick }
        earliest = min(earliest, entry.tick)
        index = entry.next
      }
    }
    return earliest
  }

  // MARK: Slots

  /// Takes what is due out of one slot, and returns whether that was all of it.
  private mutating func takeSlot(
    _ slot: Int, upTo tick: Int, atMost left: inout Int, into due: inout [Element]
  ) -> Bool {
    var before = Self.none
    var index = slots[slot].first
    while index != Self.none {
      let entry = entries[Int(index)]
      if entry.tick > tick {
        before = index
      } else {
        guard left > 0 else { return false }
        left -= 1
        due.append(entry.element)
        unlink(index, behind: before, of: slot)
      }
      index = entry.next
    }
    return true
  }

  private mutating func append(_ index: Int32, to slot: Int) {
    let last = slots[slot].last
    if last == Self.none { slots[slot].first = index } else { entries[Int(last)].next = index }
    slots[slot].last = index
  }

  private mutating func unlink(_ index: Int32, behind before: Int32, of slot: Int) {
    let next = entries[Int(index)].next
    if before == Self.none { slots[slot].first = next } else { entries[Int(before)].next = next }
    if next == Self.none { slots[slot].last = before }
    entries[Int(index)].next = free
    free = index
    count -= 1
  }

  private mutating func place(_ entry: Entry) -> Int32? {
    if free != Self.none {
      let index = free
      free = entries[Int(index)].next
      entries[Int(index)] = entry
      return index
    }
    guard let index = Int32(exactly: entries.count) else { return nil }
    entries.append(entry)
    return index
  }
}
