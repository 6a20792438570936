/// A queue in one piece of memory: what is appended at its end leaves at its beginning, and any
/// place can be looked at.
struct Ring<Element> {
  private var slots: [Element?] = []
  private var first = 0

  /// How many elements there are.
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  /// The place of each element, from the beginning.
  var indices: Range<Int> { 0..<count }

  /// The element in a place, or nil where there is none; none can be put there then.
  subscript(place: Int) -> Element? {
    get { indices.contains(place) ? slots[slot(of: place)] : nil }
    set {
      guard let newValue, indices.contains(place) else { return }
      slots[slot(of: place)] = newValue
    }
  }

  mutating func append(_ element: Element) {
    if count == slots.count { grow() }
    count += 1
    slots[slot(of: count - 1)] = element
  }

  /// Removes the first element, or returns nil where there is none.
  mutating func removeFirst() -> Element? {
    guard let element = self[0] else { return nil }
    slots[first] = nil
    first = first + 1 == slots.count ? 0 : first + 1
    count -= 1
    return element
  }

  private func slot(of place: Int) -> Int {
    let slot = first + place
    return slot < slots.count ? slot : slot - slots.count
  }

  private mutating func grow() {
    let size = max(16, slots.count * 2)
    slots = Array(slots[first...] + slots[..<first])
    slots += Array(repeating: nil, count: size - slots.count)
    first = 0
  }
}
