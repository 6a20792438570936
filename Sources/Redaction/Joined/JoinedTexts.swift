/// The texts that a client gets when it joins the strings of an answer's events, lines or elements.
///
/// Every string is joined with those at the same place before it. A place is the keys that lead to
/// the string, and the `index` of each object on the way, so that parallel tool calls and content
/// blocks stay apart.
struct JoinedTexts {
  /// A string, as it became part of a text.
  private struct Part {
    /// Where it ends in the text.
    var end: Int
    /// The number of its event.
    var unit: Int
    /// What stands between its quotes in the body.
    var string: Range<Int>
    var hasEscapes: Bool
  }

  /// One joined text.
  struct Text {
    /// The keys that lead to its strings, such as `choices.delta.content`.
    let path: String
    fileprivate(set) var bytes: [UInt8] = []
    private var parts: [Part] = []

    fileprivate init(path: String) { self.path = path }

    fileprivate mutating func append(
      _ string: JSONStringWalk.Found, of body: UnsafeBufferPointer<UInt8>, unit: Int
    ) {
      if string.hasEscapes {
        EscapedText.decode(body, string.range, to: &bytes)
      } else {
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: body[string.range]))
      }
      parts.append(
        Part(end: bytes.count, unit: unit, string: string.range, hasEscapes: string.hasEscapes))
    }

    /// Where the bytes of a range that is not empty stand in the body, and the first and the last
    /// event that brought some of them.
    func places(
      of range: Range<Int>, in body: UnsafeBufferPointer<UInt8>
    ) -> (places: [Range<Int>], units: ClosedRange<Int>) {
      var index = part(of: range.lowerBound)
      var places: [Range<Int>] = []
      let first = index < parts.count ? parts[index].unit : 0
      var last = first
      while index < parts.count {
        let start = index == 0 ? 0 : parts[index - 1].end
        guard start < range.upperBound else { break }
        let part = parts[index]
        let own = range.clamped(to: start..<part.end)
        places.append(
          EscapedText.place(
            of: (own.lowerBound - start)..<(own.upperBound - start), in: body, part.string,
            hasEscapes: part.hasEscapes))
        last = part.unit
        index += 1
      }
      return (places, first...max(first, last))
    }

    /// The part that brought a byte, found in steps that halve what is left.
    private func part(of place: Int) -> Int {
      var (low, high) = (0, parts.count)
      while low < high {
        let middle = low + (high - low) / 2
        if parts[middle].end > place { high = middle } else { low = middle + 1 }
      }
      return low
    }

    /// So many `*` at the end of a part are a secret, and no emphasis.
    private static let coveredBytes = 12
    /// So few letters tell nothing of a secret, and may be the next word.
    private static let restBytes = 4

    /// The ends of secrets of which the part before them was covered when no more had come.
    var rests: [Range<Int>] {
      let star = UInt8(ascii: "*")
      return parts.dropLast().compactMap { part in
        let end = part.end
        guard end >= Self.coveredBytes,
          bytes[(end - Self.coveredBytes)..<end].allSatisfy({ $0 == star }),
          end < bytes.count
        else { return nil }
        let rest = bytes[end...].prefix { ByteTraits.of($0).contains(.word) }
        return rest.count >= Self.restBytes ? end..<rest.endIndex : nil
      }
    }
  }

  /// The bytes that all texts together may have; what comes later is not joined.
  static let limitBytes = 64 << 20
  /// The places that are told apart; strings at others are not joined.
  static let limitTexts = 4096
  /// The bytes of the keys that lead to a string; what is deeper is not joined.
  static let limitPathBytes = 4096

  /// The texts, in the order in which they began.
  private(set) var texts: [Text] = []
  private var numbers: [Int: Int] = [:]
  private var room = Self.limitBytes
  /// The hash of the place of each object of an event.
  private var places: [Int] = []

  /// Adds the strings of one event.
  mutating func add(
    _ walk: borrowing JSONStringWalk, of body: UnsafeBufferPointer<UInt8>, unit: Int
  ) {
    places.removeAll(keepingCapacity: true)
    for node in walk.nodes {
      places.append(place(of: node.key, in: node.parent, index: node.index, body))
    }
    for string in walk.readable(in: body) where !string.isWhole {
      guard string.range.count <= room else { continue }
      let place = place(of: string.key, in: string.node, index: 0, body)
      let number = numbers[place] ?? texts.count
      if number == texts.count {
        guard number < Self.limitTexts, let path = Self.path(to: string, in: walk, body) else {
          continue
        }
        numbers[place] = number
        texts.append(Text(path: path))
      }
      room -= string.range.count
      texts[number].append(string, of: body, unit: unit)
    }
  }

  private func place(
    of key: Range<Int>, in node: Int, index: Int, _ body: UnsafeBufferPointer<UInt8>
  ) -> Int {
    var hasher = Hasher()
    hasher.combine(node >= 0 ? places[node] : 0)
    hasher.combine(bytes: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: body[key])))
    hasher.combine(index)
    return hasher.finalize()
  }

  /// The keys that lead to a string, or nil where they are too long.
  private static func path(
    to string: JSONStringWalk.Found, in walk: borrowing JSONStringWalk,
    _ body: UnsafeBufferPointer<UInt8>
  ) -> String? {
    var keys = [string.key]
    var node = string.node
    while node >= 0 {
      keys.append(walk.nodes[node].key)
      node = walk.nodes[node].parent
    }
    guard keys.reduce(0, { $0 + $1.count }) <= limitPathBytes else { return nil }
    return keys.reversed().filter { !$0.isEmpty }
      .map { String(decoding: body[$0], as: UTF8.self) }.joined(separator: ".")
  }
}
