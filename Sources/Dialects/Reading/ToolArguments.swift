internal import LosslessJSON

/// The arguments of a tool call, which are JSON that a model wrote and no server checked.
enum ToolArguments {
  /// What keeps the whole of them from being used, as the end of a sentence; nil where nothing
  /// does.
  ///
  /// Halves of a surrogate pair that came in two pieces are one character by now; a half that
  /// stands alone is told apart from this.
  static func flaw(of bytes: [UInt8]) -> String? {
    do throws(JSONError) {
      let text = JSONString.wellFormed(bytes).text
      if case .object = try JSONValue(parsing: text, nesting: 512) { return nil }
      return "are not a JSON object"
    } catch {
      return "are not JSON: \(error)"
    }
  }
}
