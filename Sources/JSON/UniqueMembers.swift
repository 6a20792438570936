/// The members of an object of which a later one takes the place of an earlier one with its key.
///
/// So Python's `dict` has it, and most readers of JSON. (RFC 8259, 4 leaves it open)
struct UniqueMembers: Sendable {
  /// Up to so many members, looking at each is faster than a dictionary.
  private static let fewMembers = 16

  /// The members, in the order in which their keys came first.
  private(set) var members: [JSONValue.Member] = []

  private var positions: [[UInt8]: Int] = [:]

  /// Adds a member, or gives the key that is there already its new value.
  mutating func set(_ key: [UInt8], to value: JSONValue) {
    if let position = position(of: key) {
      members[position].value = value
      return
    }
    members.append(JSONValue.Member(key: key, value: value))
    if members.count > Self.fewMembers + 1 {
      positions[key] = members.count - 1
    } else if members.count > Self.fewMembers {
      for (position, member) in members.enumerated() { positions[member.key] = position }
    }
  }

  private func position(of key: [UInt8]) -> Int? {
    members.count > Self.fewMembers
      ? positions[key] : members.firstIndex { $0.key == key }
  }
}
