/// What a difference between two exchanges is about.
package enum DifferenceKind: String, CaseIterable, Sendable {
  /// The request: method, path, query, header fields, body.
  case request
  /// The response head: status, header fields, HTTP version, framing.
  case head
  /// Which types of events there are, and the dialect that they are read as.
  case types
  /// In which order the types of events come, runs of one type counted once.
  case order
  /// The JSON of the events of a type: a field that is new, gone, or of another type.
  case shape
  /// What the message says: text, thinking, refusals; of an answer in one piece, its values.
  case text
  /// The calls of tools, and their arguments.
  case tools
  /// The other values of the message, such as the model's name.
  case message
  /// Why the model stopped.
  case stop
  /// What was used, as the provider counts it.
  case usage
  /// When what came, and in how many pieces.
  case timing
  /// How the exchange ended, and whether the message is whole.
  case ending
  /// How many events there are, or exchanges.
  case count
}
