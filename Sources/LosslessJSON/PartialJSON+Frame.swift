extension PartialJSON {
  /// What is known of an array or an object that is open.
  struct Frame: Sendable {
    let isArray: Bool

    /// The key that came last of an object.
    var key: [UInt8] = []

    /// The place of the value that was added last.
    private(set) var last = 0

    private var keys = KeyPositions()

    init(isArray: Bool) { self.isArray = isArray }

    /// The byte that closes it.
    var closer: UInt8 { isArray ? UInt8(ascii: "]") : UInt8(ascii: "}") }

    /// Adds a value; gives the one that an object had for its key.
    mutating func add(_ value: JSONValue, to container: inout JSONValue) -> JSONValue? {
      var previous: JSONValue?
      if isArray {
        container.withElements { elements in
          last = elements.count
          elements.append(value)
        }
      } else {
        let member = JSONValue.Member(key: key, value: value)
        container.withMembers { (last, previous) = keys.insert(member, into: &$0) }
      }
      return previous
    }

    /// Changes the value that was added last.
    func replace(_ value: JSONValue, in container: inout JSONValue) -> JSONValue? {
      if isArray {
        container.withElements { $0[last] = value }
      } else {
        container.withMembers { $0[last].value = value }
      }
      return nil
    }

    /// Takes away the value that was added last, and gives an object back what it had for its key.
    ///
    /// Nothing may be added afterwards.
    func takeBack(_ previous: JSONValue?, in container: inout JSONValue) -> JSONValue? {
      if let previous { return replace(previous, in: &container) }
      if isArray {
        container.withElements { _ = $0.remove(at: last) }
      } else {
        container.withMembers { _ = $0.remove(at: last) }
      }
      return nil
    }
  }
}
