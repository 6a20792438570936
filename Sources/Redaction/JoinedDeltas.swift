internal import LosslessJSON

/// The texts that a client gets when it joins the strings of a stream's events.
///
/// Every string of every event is joined with those at the same place in the events before it. A
/// place is the keys that lead to the string, and the `index` of each object on the way, so that
/// parallel tool calls and content blocks stay apart.
struct JoinedDeltas {
  /// One joined text.
  struct Text {
    /// The keys that lead to its strings, such as `choices.delta.content`.
    let path: String
    private(set) var bytes: [UInt8] = []
    /// Where each event's part ends, and the event's number.
    private var parts: [(end: Int, event: Int)] = []

    init(path: String) { self.path = path }

    fileprivate mutating func append(_ more: [UInt8], ofEvent event: Int) {
      bytes += more
      parts.append((bytes.count, event))
    }

    /// The first and the last event that brought bytes of a range that is not empty.
    func events(of range: Range<Int>) -> ClosedRange<Int> {
      let first = event(of: range.lowerBound)
      return first...max(first, event(of: range.upperBound - 1))
    }

    /// The event that brought a byte, found in steps that halve what is left.
    private func event(of place: Int) -> Int {
      var (low, high) = (0, parts.count)
      while low < high {
        let middle = low + (high - low) / 2
        if parts[middle].end > place { high = middle } else { low = middle + 1 }
      }
      return low < parts.count ? parts[low].event : 0
    }
  }

  /// The bytes that all texts together may have; what comes later is not joined.
  static let limitBytes = 64 << 20
  /// The places that are told apart; strings at others are not joined.
  static let limitTexts = 4096

  /// The bytes of the keys and numbers that lead to a string; what is deeper is not joined.
  static let limitPlaceBytes = 4096

  private static let indexKeys = ["index", "output_index", "content_index", "item_id"]

  /// The texts, in the order in which they began.
  private(set) var texts: [Text] = []
  private var numbers: [String: Int] = [:]
  private var room = Self.limitBytes

  /// Adds the strings of one event's data; data that is no JSON has none.
  mutating func add(_ data: String, ofEvent event: Int) {
    guard let value = try? JSONValue(parsing: Array(data.utf8)) else { return }
    add(value, path: "", place: "", event: event)
  }

  private mutating func add(_ value: JSONValue, path: String, place: String, event: Int) {
    switch value {
    case .string(let bytes): join(bytes, path: path, place: place, event: event)
    case .array(let values):
      for value in values { add(value, path: path, place: place, event: event) }
    case .object(let members):
      let place = Self.indexKeys.reduce(place) { place, key in
        switch value[key] {
        case .number(let text): "\(place)#\(text)"
        case .string(let text): "\(place)#\(String(decoding: text, as: UTF8.self))"
        default: place
        }
      }
      guard place.utf8.count <= Self.limitPlaceBytes else { return }
      for member in members
      where member.key.count <= Self.limitPlaceBytes && !JSONOpacity.keys.contains(member.key) {
        let key = String(decoding: member.key, as: UTF8.self)
        add(
          member.value, path: path.isEmpty ? key : "\(path).\(key)", place: "\(place).\(key)",
          event: event)
      }
    case .null, .bool, .number: break
    }
  }

  private mutating func join(_ bytes: [UInt8], path: String, place: String, event: Int) {
    guard !bytes.isEmpty, bytes.count <= room else { return }
    let number = numbers[place] ?? texts.count
    if number == texts.count {
      guard number < Self.limitTexts else { return }
      numbers[place] = number
      texts.append(Text(path: path))
    }
    room -= bytes.count
    texts[number].append(bytes, ofEvent: event)
  }
}
