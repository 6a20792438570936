/// The names of fields that mean something to the accumulation.
enum GeminiKey {
  static let args = Array("args".utf8)
  static let candidates = Array("candidates".utf8)
  static let category = Array("category".utf8)
  static let citationMetadata = Array("citationMetadata".utf8)
  static let citationSources = Array("citationSources".utf8)
  static let citations = Array("citations".utf8)
  static let content = Array("content".utf8)
  static let continuationToken = Array("continuationToken".utf8)
  static let error = Array("error".utf8)
  static let finishReason = Array("finishReason".utf8)
  static let functionCall = Array("functionCall".utf8)
  static let groundingMetadata = Array("groundingMetadata".utf8)
  static let groundingSupports = Array("groundingSupports".utf8)
  static let index = Array("index".utf8)
  static let logProbabilitySum = Array("logProbabilitySum".utf8)
  static let partMetadata = Array("partMetadata".utf8)
  static let partialArgs = Array("partialArgs".utf8)
  static let parts = Array("parts".utf8)
  static let response = Array("response".utf8)
  static let safetyRatings = Array("safetyRatings".utf8)
  static let text = Array("text".utf8)
  static let thought = Array("thought".utf8)
  static let thoughtSignature = Array("thoughtSignature".utf8)
  static let usageMetadata = Array("usageMetadata".utf8)

  /// Whether it is a field of a chunk: one that has none of them is of a kind that nobody knows.
  static func isOfChunk(_ key: [UInt8]) -> Bool {
    key == candidates || key == usageMetadata || key == error || otherFields.contains(key)
  }

  private static let otherFields = [
    "modelVersion", "responseId", "promptFeedback", "createTime", "modelStatus",
  ].map { Array($0.utf8) }

  /// The fields whose values are a user's own JSON, in which a null means something.
  static func isFreeForm(_ key: [UInt8]) -> Bool {
    key == args || key == response || key == partMetadata
  }
}
