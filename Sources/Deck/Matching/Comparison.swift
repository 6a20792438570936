/// What takes part when the body of a request is compared with that of a recording.
public struct Comparison: Sendable {
  /// The JSON pointers that are left out. (RFC 6901)
  public var ignoredPointers: [JSONPointer]

  /// Creates a comparison.
  ///
  /// - Parameter ignoredPointers: what is left out.
  public init(ignoring ignoredPointers: [JSONPointer] = []) {
    self.ignoredPointers = ignoredPointers
  }
}
