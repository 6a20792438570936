internal import CYAML

/// Makes nodes of YAML. (YAML 1.1, as libyaml reads it)
///
/// An alias is a copy of its node, and merge keys are merged, as loaders of YAML do.
struct YAMLNodes {
  /// What an alias may stand for.
  private struct Anchored {
    /// nil where parts of it were handed over.
    var node: Node?
    var size: NodeBudget.Size
    /// How many sequences and mappings stand in each other in it, with itself.
    var height: Int
  }

  private let parser: YAMLParser
  private let feed: BoundedFeed
  private var budget: NodeBudget
  private var anchors: [String: Anchored] = [:]
  private var anchorBytes = 0
  /// The deepest place at which a sequence or a mapping stood in the node that is being read.
  private var deepest = 0

  init(_ feed: BoundedFeed, limits: DocumentLimits) throws {
    parser = try YAMLParser(feed)
    self.feed = feed
    budget = NodeBudget(limits)
  }

  /// The next document, or nil behind the last.
  mutating func document(
    _ paths: StreamedPaths, _ element: (Node, Int) throws -> Void
  ) throws -> Node? {
    budget.beginDocument()
    anchors = [:]
    anchorBytes = 0
    while let event = try parser.next() {
      guard event.kind != TAPEDECK_YAML_BORDER else { continue }
      let node = try node(event, depth: 0, paths, element)
      // The end of the document, unless something stands there that cannot.
      _ = try parser.next()
      return node
    }
    return nil
  }

  private mutating func node(
    _ event: tapedeck_yaml_event, depth: Int, _ paths: StreamedPaths,
    _ element: (Node, Int) throws -> Void
  ) throws -> Node {
    let line = Int(clamping: event.line)
    let name = event.anchor.map { String(cString: $0) }
    if event.kind == TAPEDECK_YAML_ALIAS {
      return try paths.handOver(alias(name ?? "", depth: depth, line: line), element)
    }
    let start = budget.spent
    let outer = deepest
    deepest = depth
    try budget.count(bytes: event.count, line: line)
    var node = Node(.sequence([]), tag: event.tag.map { String(cString: $0) }, line: line)
    switch event.kind {
    case TAPEDECK_YAML_SCALAR:
      let bytes = parser.takeText(of: event)
      node.value = .scalar(Node.Scalar(bytes: bytes, isPlain: event.is_plain))
    case TAPEDECK_YAML_SEQUENCE_START:
      node.value = .sequence(try items(depth: depth, line: line, paths.here, element))
    default:
      node.value = .mapping(try members(depth: depth, line: line, paths, element))
    }
    if let name {
      let size = budget.spent.since(start)
      try remember(name, node, size, height: deepest - depth, isWhole: paths.isEmpty)
    }
    deepest = max(outer, deepest)
    return node
  }

  /// The elements of a sequence; none where they are handed over.
  private mutating func items(
    depth: Int, line: Int, _ numbers: [Int], _ element: (Node, Int) throws -> Void
  ) throws -> [Node] {
    try budget.checkDepth(depth, line: line)
    deepest = max(deepest, depth + 1)
    var items: [Node] = []
    while true {
      let event = try parser.nextInside()
      guard event.kind != TAPEDECK_YAML_SEQUENCE_END else { return items }
      guard !numbers.isEmpty else {
        items.append(try node(event, depth: depth + 1, .none, element))
        continue
      }
      budget.beginElement()
      feed.beginNode()
      let item = try node(event, depth: depth + 1, .none, element)
      for number in numbers { try element(item, number) }
      feed.beginNode()
      budget.endElement()
    }
  }

  private mutating func members(
    depth: Int, line: Int, _ paths: StreamedPaths, _ element: (Node, Int) throws -> Void
  ) throws -> [Node.Member] {
    try budget.checkDepth(depth, line: line)
    deepest = max(deepest, depth + 1)
    var members: [Node.Member] = []
    var merged: [Node] = []
    while true {
      let event = try parser.nextInside()
      guard event.kind != TAPEDECK_YAML_MAPPING_END else { break }
      let key = try node(event, depth: depth + 1, .none, element)
      let next = try parser.nextInside()
      let inner = key.isMergeKey ? .none : paths.under(key)
      let value = try node(next, depth: depth + 1, inner, element)
      if key.isMergeKey, value.isMergeable {
        merged.append(value)
      } else {
        members.append(Node.Member(key: key, value: value))
      }
    }
    guard !merged.isEmpty else { return members }
    return try members.merging(merged, paths, element)
  }

  // MARK: Anchors

  private mutating func remember(
    _ name: String, _ node: Node, _ size: NodeBudget.Size, height: Int, isWhole: Bool
  ) throws {
    if let old = anchors[name] { anchorBytes -= old.size.bytes }
    let size = isWhole ? size : NodeBudget.Size()
    anchorBytes = anchorBytes.addingClamped(size.bytes)
    guard anchorBytes <= budget.limits.nodeBytes, anchors.count < budget.limits.nodes else {
      throw DocumentError(
        line: node.line,
        reason: "expected anchors of at most \(budget.limits.nodeBytes) bytes in all, found more")
    }
    anchors[name] = Anchored(node: isWhole ? node : nil, size: size, height: height)
  }

  private mutating func alias(_ name: String, depth: Int, line: Int) throws -> Node {
    guard let anchored = anchors[name] else {
      throw DocumentError(
        line: line, reason: "expected an anchor &\(name) before the alias *\(name), found none")
    }
    guard var node = anchored.node else {
      throw DocumentError(
        line: line, reason: "the alias *\(name) stands for a list of exchanges: write that out")
    }
    try budget.count(alias: anchored.size, line: line)
    if anchored.height > 0 {
      try budget.checkDepth(depth + anchored.height - 1, line: line)
      deepest = max(deepest, depth + anchored.height)
    }
    node.line = line
    return node
  }
}

extension Node {
  /// Whether it is the key `<<`. (YAML 1.1, the merge type)
  fileprivate var isMergeKey: Bool {
    guard case .scalar(let scalar) = value, scalar.isPlain else { return false }
    return hasBytes(of: "<<") && (tag == nil || tag == "tag:yaml.org,2002:merge")
  }

  /// Whether it is a mapping, or a sequence of such.
  fileprivate var isMergeable: Bool {
    switch value {
    case .mapping: true
    case .sequence(let items): items.allSatisfy { $0.members != nil }
    case .scalar: false
    }
  }
}

extension [Node.Member] {
  /// The members, and those of merged mappings whose keys are not there: the first one has it.
  fileprivate func merging(
    _ merged: [Node], _ paths: StreamedPaths, _ element: (Node, Int) throws -> Void
  ) throws -> [Node.Member] {
    var result = self
    var keys = Set(map(\.key.value))
    for source in merged.flatMap({ $0.items ?? [$0] }) {
      for member in source.members ?? [] where keys.insert(member.key.value).inserted {
        let value = try paths.under(member.key).handOver(member.value, element)
        result.append(Node.Member(key: member.key, value: value))
      }
    }
    return result
  }
}
