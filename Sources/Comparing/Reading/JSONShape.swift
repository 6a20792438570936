package import LosslessJSON

/// Which fields JSON values of one kind have, and of which types: the elements of an array are
/// folded into one.
///
/// Nodes stand in one array and name each other by their places, so that a value like the one
/// before it is taken in without allocating anything.
package struct JSONShape: Sendable {
  /// One place of the values.
  struct Node: Sendable {
    /// The key by which it is reached; empty for the whole and for what is in an array.
    var key: [UInt8] = []
    var types: ShapeTypes = []
    /// The places of the members, in the order in which they came first.
    var members: [Int] = []
    /// Where the folded element of an array stands.
    var element: Int?
    /// Where members stand by their keys, once there are many.
    var places: [[UInt8]: Int] = [:]
    /// The event that had it first, from 1, and what it had there, shortened.
    var event = 0
    var example = ""
  }

  /// How many places one shape has at most; what comes beyond is not taken in.
  private static let nodeLimit = 20_000

  /// Up to how many members are looked through one by one.
  private static let scanned = 16

  /// About how many bytes of an example are kept.
  private static let exampleBytes = 60

  /// The nodes; the first is the whole.
  private(set) var nodes = [Node()]

  /// How many values were taken in.
  package private(set) var count = 0

  /// Whether places were left out because there were too many.
  private(set) var isCut = false

  /// Below which keys anything may stand, since it is content: arguments of tools, and the like.
  private let opaque: Set<[UInt8]>

  /// Creates a shape of no values.
  ///
  /// - Parameter opaque: The keys whose objects are not looked into.
  package init(opaque: Set<String> = []) { self.opaque = Set(opaque.map { Array($0.utf8) }) }

  /// Takes a value in.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - event: The event that it came in, from 1.
  package mutating func add(_ value: JSONValue, event: Int) {
    count += 1
    add(value, at: 0, event)
  }

  /// Takes in that something came which is no JSON.
  package mutating func addText(_ text: some StringProtocol, event: Int) {
    count += 1
    note(.text, at: 0, event) { String(text.prefix(Self.exampleBytes)) }
  }

  private mutating func add(_ value: JSONValue, at place: Int, _ event: Int) {
    note(ShapeTypes(of: value), at: place, event) { Self.example(of: value) }
    switch value {
    case .array(let elements):
      guard !elements.isEmpty, let element = element(of: place) else { return }
      for value in elements { add(value, at: element, event) }
    case .object(let members):
      guard opaque.isEmpty || !opaque.contains(nodes[place].key) else { return }
      for (index, member) in members.enumerated() {
        guard let next = self.place(of: member.key, in: place, hint: index) else { continue }
        add(member.value, at: next, event)
      }
    default: return
    }
  }

  private mutating func note(
    _ type: ShapeTypes, at place: Int, _ event: Int, _ example: () -> String
  ) {
    if nodes[place].types.isEmpty {
      nodes[place].event = event
      nodes[place].example = example()
    }
    nodes[place].types.formUnion(type)
  }

  private mutating func element(of place: Int) -> Int? {
    if let element = nodes[place].element { return element }
    guard let element = makeNode(key: []) else { return nil }
    nodes[place].element = element
    return element
  }

  /// The place of a member, which mostly stands where it stood before.
  private mutating func place(of key: [UInt8], in place: Int, hint: Int) -> Int? {
    let count = nodes[place].members.count
    if hint < count {
      let next = nodes[place].members[hint]
      if nodes[next].key == key { return next }
    }
    if count > Self.scanned {
      if let next = nodes[place].places[key] { return next }
    } else {
      for next in nodes[place].members where nodes[next].key == key { return next }
    }
    guard let next = makeNode(key: key) else { return nil }
    nodes[place].members.append(next)
    if nodes[place].members.count == Self.scanned + 1 {
      for member in nodes[place].members { nodes[place].places[nodes[member].key] = member }
    } else if count > Self.scanned {
      nodes[place].places[key] = next
    }
    return next
  }

  private mutating func makeNode(key: [UInt8]) -> Int? {
    guard nodes.count < Self.nodeLimit else {
      isCut = true
      return nil
    }
    nodes.append(Node(key: key))
    return nodes.count - 1
  }

  /// The beginning of a value.
  private static func example(of value: JSONValue) -> String {
    let bytes = value.bytes
    guard bytes.count > exampleBytes else { return String(decoding: bytes, as: UTF8.self) }
    var end = exampleBytes
    // A character is never cut.
    while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return String(decoding: bytes[..<end], as: UTF8.self) + "…"
  }
}
