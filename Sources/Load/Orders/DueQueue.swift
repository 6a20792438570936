internal import Loading

/// What is due when, to the nanosecond, the earliest first: a binary heap.
struct DueQueue {
  /// What is due.
  struct Item {
    /// When, in nanoseconds from the start of the run.
    var at: Int64
    /// The order, or nil for a place of a closed loop that becomes free.
    var order: StreamOrder?
  }

  private var items: [Item] = []

  /// How many there are.
  var count: Int { items.count }

  /// When the earliest is due; `Int64.max` where there is none.
  var firstAt: Int64 { items.isEmpty ? .max : items[0].at }

  /// How many orders there are among them.
  private(set) var orders = 0

  /// Puts one in.
  mutating func insert(_ item: Item) {
    items.append(item)
    if item.order != nil { orders += 1 }
    var index = items.count - 1
    while index > 0, case let parent = (index - 1) / 2, items[index].at < items[parent].at {
      items.swapAt(index, parent)
      index = parent
    }
  }

  /// Takes the earliest out where it is due by a time.
  mutating func take(dueBy now: Int64) -> Item? {
    guard let first = items.first, first.at <= now else { return nil }
    items.swapAt(0, items.count - 1)
    items.removeLast()
    if first.order != nil { orders -= 1 }
    var index = 0
    while case let left = 2 * index + 1, left < items.count {
      let right = left + 1
      let least = right < items.count && items[right].at < items[left].at ? right : left
      guard items[least].at < items[index].at else { break }
      items.swapAt(least, index)
      index = least
    }
    return first
  }

  /// Takes all out, in no order.
  mutating func removeAll() -> [Item] {
    defer { (items, orders) = ([], 0) }
    return items
  }
}
