internal import JSON

/// What an error says, whichever server made it.
package enum ErrorWords {
  /// What the JSON of an error says.
  ///
  /// - Parameter text: An object with an `error`, a list of such, or one that is an error itself.
  /// - Returns: `TYPE: MESSAGE`; nil where the text is no error.
  package static func text(in text: [UInt8]) -> String? {
    guard let value = try? JSONValue(parsing: text, nesting: 512) else { return nil }
    if let words = OpenAIErrors.inChunk(value) { return words }
    guard value.members != nil else { return nil }
    let isError = value["message"]?.text != nil && (value["type"] ?? value["code"]) != nil
    return isError ? OpenAIErrors.text(of: value) : nil
  }
}
