internal import Documents

extension DocumentReader {
  /// Makes sure that nothing stands behind the document that was read last.
  ///
  /// - Throws: An `ImportError` where another document does, and a `DocumentError` where anything
  ///   else does.
  func expectEnd() throws {
    guard let other = try next() else { return }
    throw ImportError(
      "expected one document, found another behind it: split the file", line: other.line)
  }
}
