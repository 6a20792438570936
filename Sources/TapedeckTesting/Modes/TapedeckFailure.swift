/// What may go wrong between a test and its deck without the client's noticing.
public enum TapedeckFailure: String, CaseIterable, Sendable {
  /// A request's directives do not parse, or contradict each other.
  case refused

  /// A fault was asked for by name and never fired.
  case unfired

  /// A request matched no exchange.
  case miss

  /// A request was answered by an exchange with another body.
  case loose

  /// An exchange of the cassette was not played.
  case unplayed

  /// A recording could not be written.
  case lost

  /// The client tried again too soon, too often or in vain, or left its connection open.
  case conduct
}
