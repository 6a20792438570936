internal import Documents

/// Reads tnetstrings, which name the length of each value before it: `5:hello,`.
///
/// mitmproxy adds `;` for a text, which `,` is in its bytes. (tnetstrings.info)
final class Tnetstrings {
  private let feed: ByteFeed
  private let limits: DocumentLimits
  /// What has been pulled, and where reading goes on in it.
  private var held: [UInt8] = []
  private var position = 0
  /// How many bytes of the input stand before `held`.
  private var base = 0
  /// How many nodes the value at hand has.
  private var nodes = 0

  /// The most digits of a length.
  private static let lengthDigits = 12

  /// Creates a reader that stands before the first value.
  init(_ feed: @escaping ByteFeed, limits: DocumentLimits) {
    self.feed = feed
    self.limits = limits
  }

  /// The next value, and where it begins; nil behind the last.
  func next() throws -> (value: Node, byte: Int)? {
    held.removeSubrange(..<position)
    base += position
    position = 0
    nodes = 0
    guard try pull(1) else { return nil }
    let start = base
    let length = try outerLength()
    guard try pull(position + length + 1) else {
      throw ImportError(
        "expected \(length) bytes, which a length names, and found \(held.count - position)",
        byte: start)
    }
    let end = position + length
    let value = try node(held[position..<end], type: held[end], depth: 0)
    position = end + 1
    return (value, start)
  }

  /// Whether so many bytes are held; pulls those that lack.
  private func pull(_ count: Int) throws -> Bool {
    while held.count < count {
      let more = try feed(max(64 << 10, min(count - held.count, 1 << 20)))
      if more.isEmpty { return false }
      held += more
    }
    return true
  }

  private func outerLength() throws -> Int {
    _ = try pull(Self.lengthDigits + 1)
    let digits = held.prefix(Self.lengthDigits + 1).prefix { (0x30...0x39).contains($0) }
    guard let colon = held.dropFirst(digits.count).first, colon == UInt8(ascii: ":"),
      let length = Int(String(decoding: digits, as: UTF8.self))
    else { throw ImportError("expected a length and a colon, found other bytes", byte: base) }
    guard length <= limits.nodeBytes else {
      throw ImportError(
        "a flow has \(length) bytes, more than \(limits.nodeBytes), which is the limit", byte: base)
    }
    position = digits.count + 1
    return length
  }

  private func node(_ bytes: ArraySlice<UInt8>, type: UInt8, depth: Int) throws -> Node {
    nodes += 1
    let byte = base + bytes.startIndex
    guard depth <= limits.nesting, nodes <= limits.nodes else {
      throw ImportError(
        "a flow nests deeper than \(limits.nesting) or has more than \(limits.nodes) values",
        byte: byte)
    }
    func scalar(isPlain: Bool) -> Node {
      Node(.scalar(.init(bytes: Array(bytes), isPlain: isPlain)))
    }
    switch type {
    case UInt8(ascii: ","), UInt8(ascii: ";"): return scalar(isPlain: false)
    case UInt8(ascii: "#"), UInt8(ascii: "^"), UInt8(ascii: "!"): return scalar(isPlain: true)
    case UInt8(ascii: "~"): return Node(.scalar(.init(bytes: Array("null".utf8), isPlain: true)))
    case UInt8(ascii: "]"): return Node(.sequence(try values(bytes, depth: depth + 1)))
    case UInt8(ascii: "}"):
      let values = try values(bytes, depth: depth + 1)
      guard values.count % 2 == 0 else {
        throw ImportError("expected a value for each key, and found none", byte: byte)
      }
      return Node(
        .mapping(
          stride(from: 0, to: values.count, by: 2).map {
            Node.Member(key: values[$0], value: values[$0 + 1])
          }))
    default:
      let found = String(UnicodeScalar(type)).debugDescription
      throw ImportError(
        "expected the type of a value (one of , ; # ^ ! ~ ] }), found \(found)",
        byte: base + bytes.endIndex)
    }
  }

  private func values(_ bytes: ArraySlice<UInt8>, depth: Int) throws -> [Node] {
    var values: [Node] = []
    var rest = bytes
    while !rest.isEmpty {
      let digits = rest.prefix(Self.lengthDigits + 1).prefix { (0x30...0x39).contains($0) }
      let start = rest.startIndex + digits.count + 1
      guard start <= rest.endIndex, rest[start - 1] == UInt8(ascii: ":"),
        let length = Int(String(decoding: digits, as: UTF8.self))
      else {
        throw ImportError(
          "expected a length and a colon, found other bytes", byte: base + rest.startIndex)
      }
      guard length < rest.endIndex - start else {
        throw ImportError(
          "expected a value of \(length) bytes, and found fewer in what it stands in",
          byte: base + rest.startIndex)
      }
      let end = start + length
      values.append(try node(rest[start..<end], type: rest[end], depth: depth))
      rest = rest[(end + 1)...]
    }
    return values
  }
}
