/// A state that can tell an error which the stream itself reports from a message that is cut.
protocol ErrorTelling {
  /// What the stream says went wrong, as `TYPE: MESSAGE`; nil where it says nothing of the kind.
  var reportedError: String? { get }
}
