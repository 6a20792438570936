extension Directives: CustomStringConvertible {
  /// The directives as the value of the request header, in the form that parses back to them.
  public var description: String { parts.joined(separator: ";") }

  /// The directives as leading segments of a path, each with a slash before it.
  ///
  /// Slashes of a session's name are the only bytes that a segment has to hide: all else is encoded
  /// already.
  package var prefix: String {
    parts.map { "/~\($0.replacing("/", with: "%2F"))" }.joined()
  }

  /// The directives as `key=value`.
  private var parts: [String] {
    var parts: [String] = []
    let add = { (key: Key, value: String) in parts.append("\(key.rawValue)=\(value)") }
    if let session { add(.session, session) }
    if let cassette { add(.cassette, PercentCoding.encode(argument: cassette)) }
    if let exchange { add(.exchange, "\(exchange)") }
    if let pace { add(.pace, "\(pace)") }
    if let seed { add(.seed, "\(seed)") }
    if let attempt { add(.attempt, "\(attempt)") }
    if let faults {
      if faults.isEmpty { add(.fault, "none") }
      for fault in faults { add(.fault, "\(fault)") }
    }
    return parts
  }
}
