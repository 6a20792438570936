extension Failure {
  /// The same failure, with the variable or the place in the configuration file in front that the
  /// option's value came from: whoever typed no option must not be told of one alone.
  ///
  /// Errors of usage name the options that they are about, with their dashes.
  func blaming(_ settings: [Setting]) -> Failure {
    guard code == .usage else { return self }
    let blamed = settings.filter { mentions("--\($0.name)") }
    guard !blamed.isEmpty else { return self }
    let origins = blamed.map(\.origin).joined(separator: ", ")
    // What the error begins with is said by the origin already.
    let option = blamed.count == 1 ? "--\(blamed[0].name): " : ""
    let known = description.hasPrefix(option) ? option.count : 0
    return Failure(code, "\(origins): \(description.dropFirst(known))")
  }

  /// Whether an option stands in the description as a word of its own.
  private func mentions(_ option: String) -> Bool {
    var rest = description[...]
    while let found = rest.firstRange(of: option) {
      rest = rest[found.upperBound...]
      guard let next = rest.first, next.isLetter || next.isNumber || next == "-" else {
        return true
      }
    }
    return false
  }
}
