package import EventStream
internal import LosslessJSON

/// Says of each event of a stream, as it comes, what its role is and whether it brings content.
package struct EventRoleReader: Sendable {
  /// The message so far.
  package private(set) var accumulator: MessageAccumulator

  /// The text that the last event added to the message, as UTF-8.
  package private(set) var brought: [UInt8] = []

  private let dialect: any Dialect
  private var isInTool = false

  /// Creates a reader that stands before the first event.
  package init(_ dialect: any Dialect) {
    self.dialect = dialect
    accumulator = MessageAccumulator(dialect)
  }

  /// Takes the next event.
  ///
  /// - Returns: Its role, and whether the model said something in it: text, thinking, a refusal, or
  ///   the name or the arguments of a tool call.
  package mutating func take(_ event: ServerSentEvent) -> (role: EventRole, hasContent: Bool) {
    let isFirst = accumulator.log.event == 0
    brought = accumulator.take(event)
    if dialect.isTerminal(event) { return (.terminal, !brought.isEmpty) }
    let data = try? JSONValue(parsing: event.data, nesting: 512)
    let name = String(dialect.name(of: event).prefix(Self.nameLimit))
    let rest = isFirst ? EventRole.opening : .other(name)
    let told = data.flatMap { EventRole.role(of: $0, name, isInTool: isInTool) }
    let role = told ?? (brought.isEmpty ? rest : .text)
    if role == .toolStart { isInTool = true }
    if role == .toolEnd || role == .blockStart { isInTool = false }
    return (role, !brought.isEmpty || role.isContent || Self.hasContent(data, name))
  }

  /// How much of a name is kept.
  private static let nameLimit = 40

  /// Whether an event has content that neither its role nor its text shows.
  private static func hasContent(_ data: JSONValue?, _ name: String) -> Bool {
    if name.hasPrefix("response."), name.hasSuffix(".delta") { return true }
    // The last piece may say in one event what it calls and that it has ended.
    if let call = data?["choices"]?.elements?.first?["delta"]?["tool_calls"] {
      return call.elements?.isEmpty == false
    }
    let parts = data?["candidates"]?.elements?.first?["content"]?["parts"]?.elements ?? []
    return parts.contains { $0["functionCall"] != nil }
  }
}

extension EventRole {
  /// Whether every event of the role brings content.
  fileprivate var isContent: Bool {
    switch self {
    case .text, .thinking, .toolStart, .toolArguments: true
    default: false
    }
  }
}
