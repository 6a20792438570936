/// What was asked, as a cassette has it.
struct CapturedTarget {
  /// The method.
  var method: String
  /// The absolute URL, where one is known.
  var url: String?
  /// What the client asked, where that is not the path and query of `url`.
  var path: String?

  /// - Parameters:
  ///   - capture: What a reader found.
  ///   - given: The URL that a user says was asked, for a file that does not say it.
  init(of capture: borrowing Capture, given: String?) {
    let asked = capture.request.url
    if let asked, Self.isAbsolute(asked) {
      url = asked
    } else if let asked, asked.hasPrefix("/") {
      if let given { url = Self.origin(of: given) + asked } else { path = asked }
    } else if let given {
      url = given
    } else {
      path = asked ?? "/"
    }
    method = capture.request.method ?? (capture.request.body.isEmpty ? "GET" : "POST")
  }

  private static func isAbsolute(_ url: String) -> Bool {
    url.lowercased().hasPrefix("http://") || url.lowercased().hasPrefix("https://")
  }

  /// The scheme and authority of a URL.
  private static func origin(of url: String) -> String {
    guard let colon = url.firstRange(of: "://") else { return url }
    let end = url[colon.upperBound...].firstIndex { "/?#".contains($0) } ?? url.endIndex
    return String(url[..<end])
  }
}
