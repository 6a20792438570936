internal import Documents

extension ImportError {
  /// The error of a node that is not what stands at its place.
  ///
  /// - Parameters:
  ///   - what: What was expected, with its article.
  ///   - node: What was found.
  /// - Returns: The error, with the line of the node.
  static func expected(_ what: String, _ node: Node) -> ImportError {
    ImportError("expected \(what), found \(node.kind)", line: node.line)
  }
}
