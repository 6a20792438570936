/// What the argument parser says of values, in our own words: what is allowed.
enum ParserMessage {
  /// What the options that take a number take, where that is not any whole number from 1 on.
  private static let ranges = [
    "port": "a whole number from 0 to 65535, 0 for any port that is free",
    "on-miss": "404 or 599", "threads": "a whole number from 1 to 256",
    "max-nesting": "a whole number from 1 to 1000",
  ]

  /// The message; one about a value says what may stand there.
  ///
  /// All options whose values the parser itself refuses are numbers.
  static func improved(_ message: String) -> String {
    let head = "The value '"
    let middle = "' is invalid for '"
    guard message.hasPrefix(head), let split = message.firstRange(of: middle) else {
      return message
    }
    let value = message[message.index(message.startIndex, offsetBy: head.count)..<split.lowerBound]
    let option = message[split.upperBound...].prefix { $0 != "'" && $0 != " " }
    guard option.hasPrefix("--") else { return message }
    let allowed = ranges[String(option.dropFirst(2))] ?? "a whole number from 1 on"
    return "\(option): '\(TextForm.excerpt(String(value), limit: 60))' is not \(allowed)"
  }
}
