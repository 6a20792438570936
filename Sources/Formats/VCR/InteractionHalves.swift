internal import Documents

/// Requests and responses of which each has a list of its own, put together by their places.
struct InteractionHalves {
  private var requests: [Node] = []
  private var responses: [Node] = []
  private var pairs = 0

  /// Takes the next of a list.
  ///
  /// - Returns: The interaction that is whole with it, or nil.
  mutating func take(_ half: Node, isRequest: Bool) -> Node? {
    if isRequest { requests.append(half) } else { responses.append(half) }
    guard pairs < requests.count, pairs < responses.count else { return nil }
    let pair = Node(
      .mapping([
        Node.Member(key: Self.key("request"), value: requests[pairs]),
        Node.Member(key: Self.key("response"), value: responses[pairs]),
      ]), line: requests[pairs].line)
    // What was handed over is kept no longer than the next one.
    requests[pairs] = Self.key("")
    responses[pairs] = Self.key("")
    pairs += 1
    return pair
  }

  /// Makes sure that nothing is left.
  ///
  /// - Throws: An `ImportError` where one list is longer than the other.
  func end(_ document: Node) throws {
    guard requests.count != responses.count else { return }
    throw ImportError(
      "expected a response for each request, found \(requests.count) requests and "
        + "\(responses.count) responses", line: document.line)
  }

  private static func key(_ text: String) -> Node {
    Node(.scalar(.init(bytes: Array(text.utf8), isPlain: true)))
  }
}
