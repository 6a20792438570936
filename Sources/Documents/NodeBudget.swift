/// What nodes may take, counted while they are built.
struct NodeBudget {
  /// Nodes, and the bytes of their texts.
  struct Size {
    var nodes = 0
    var bytes = 0
  }

  /// The deepest nesting that any caller can ask for: nodes are built and freed by recursion.
  private static let deepest = 1_000

  let limits: DocumentLimits
  let nesting: Int
  /// What the node that will be handed over has, or, outside of such, what stands around them.
  private(set) var spent = Size()
  private var around = Size()
  private var aliases = Size()

  init(_ limits: DocumentLimits) {
    self.limits = limits
    nesting = min(limits.nesting, Self.deepest)
  }

  /// A new document begins.
  mutating func beginDocument() { self = NodeBudget(limits) }

  /// A node begins that will be handed over alone.
  mutating func beginElement() {
    around = spent
    spent = Size()
  }

  /// It has been handed over.
  mutating func endElement() { spent = around }

  /// Counts a node with the bytes of its text.
  mutating func count(bytes: Int = 0, line: Int) throws {
    try add(Size(nodes: 1, bytes: bytes), line: line)
  }

  /// Checks that a sequence or a mapping may begin inside so many others.
  func checkDepth(_ depth: Int, line: Int) throws {
    guard depth < nesting else {
      throw DocumentError(
        line: line,
        reason: "expected sequences and mappings at most \(nesting) deep, found deeper ones")
    }
  }

  /// Counts what an alias stands for.
  mutating func count(alias size: Size, line: Int) throws {
    aliases = aliases.adding(size)
    guard aliases.nodes <= limits.nodes, aliases.bytes <= limits.nodeBytes else {
      throw DocumentError(
        line: line,
        reason: "the aliases stand for more than \(limits.nodes) nodes or \(limits.nodeBytes) "
          + "bytes in all: write out what is meant, once")
    }
    try add(size, line: line)
  }

  private mutating func add(_ size: Size, line: Int) throws {
    spent = spent.adding(size)
    guard spent.nodes <= limits.nodes else {
      throw DocumentError(
        line: line,
        reason: "expected at most \(limits.nodes) values in one exchange or around them, found more"
      )
    }
    guard spent.bytes <= limits.nodeBytes else {
      throw DocumentError(line: line, reason: Self.tooManyBytes(limits.nodeBytes))
    }
  }

  static func tooManyBytes(_ limit: Int) -> String {
    "expected at most \(limit) bytes in one exchange or around them, found more"
  }
}

extension NodeBudget.Size {
  func adding(_ other: Self) -> Self {
    Self(nodes: nodes.addingClamped(other.nodes), bytes: bytes.addingClamped(other.bytes))
  }

  /// What has come since another count.
  func since(_ other: Self) -> Self {
    Self(nodes: nodes - other.nodes, bytes: bytes - other.bytes)
  }
}
