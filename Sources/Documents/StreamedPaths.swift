/// The sequences whose elements are handed over one by one, as seen from one node.
struct StreamedPaths {
  /// Those of no node.
  static let none = StreamedPaths([])

  private var rests: [(number: Int, keys: ArraySlice<String>)]

  init(_ paths: [[String]]) {
    rests = paths.enumerated().map { ($0.offset, $0.element[...]) }
  }

  /// Whether nothing of the node is handed over alone.
  var isEmpty: Bool { rests.isEmpty }

  /// The paths that end at the node.
  var here: [Int] { rests.filter(\.keys.isEmpty).map(\.number) }

  /// The paths that lead on through the value of a key.
  func under(_ key: Node) -> StreamedPaths {
    guard !rests.isEmpty, case .scalar(let scalar) = key.value else { return .none }
    var inner = StreamedPaths.none
    for rest in rests {
      guard let first = rest.keys.first, scalar.bytes.elementsEqual(first.utf8) else { continue }
      inner.rests.append((rest.number, rest.keys.dropFirst()))
    }
    return inner
  }

  /// Hands over what is asked for of a node that is there as a whole, and gives the rest of it.
  func handOver(_ node: consuming Node, _ element: (Node, Int) throws -> Void) throws -> Node {
    guard !isEmpty else { return node }
    switch node.value {
    case .scalar: break
    case .sequence(let items):
      let here = here
      guard !here.isEmpty else { break }
      for item in items {
        for number in here { try element(item, number) }
      }
      node.value = .sequence([])
    case .mapping(var members):
      for index in members.indices {
        let inner = under(members[index].key)
        if !inner.isEmpty {
          members[index].value = try inner.handOver(members[index].value, element)
        }
      }
      node.value = .mapping(members)
    }
    return node
  }
}
