internal import Dialects
internal import EventStream
internal import HTTP

/// What was asked, as a cassette has it.
struct CapturedTarget {
  /// The method.
  var method: String
  /// The absolute URL, where one is known.
  var url: String?
  /// What the client asked, where that is not the path and query of `url`.
  var path: String?
  /// What was guessed, as a clause, or nil.
  var guess: String?

  /// Finds out what was asked.
  ///
  /// - Parameters:
  ///   - capture: What a reader found.
  ///   - given: The URL that a user says was asked, for a file that does not say it.
  ///   - body: The body of the answer, decoded.
  init(of capture: borrowing Capture, given: String?, answer body: [UInt8]) {
    let asked = capture.request.url
    let known =
      asked == nil || capture.request.method == nil
      ? Self.usual(by: body, headerNames: capture.headers.map(\.name)) : nil
    if let asked, Self.isAbsolute(asked) {
      url = asked
    } else if let asked, asked.hasPrefix("/") {
      if let given { url = Self.origin(of: given) + asked } else { path = asked }
    } else if let given {
      url = given
    } else if let asked {
      url = asked
      guess = "what it says was asked is no URL: \(asked.prefix(80)) (--url names one)"
    } else {
      path = known ?? "/"
    }
    let isPost = !capture.request.body.isEmpty || known != nil
    method = capture.request.method ?? (isPost ? "POST" : "GET")
    guard asked == nil, given == nil else { return }
    guess =
      "it does not say what was asked: \(method) \(known ?? "/") "
      + (known == nil ? "stands for it" : "fits its events") + " (--url names another)"
  }

  /// Where the API of a stream is asked for it, or nil where nobody knows.
  private static func usual(by body: [UInt8], headerNames: [String]) -> String? {
    var events: [ServerSentEvent] = []
    var parser = EventStreamParser()
    parser.parse(Array(body.prefix(64 << 10))) { event in
      if events.count < DialectEvidence.eventLimit { events.append(event) }
    }
    guard !events.isEmpty else { return nil }
    let evidence = DialectEvidence(target: "/", headerNames: headerNames, firstEvents: events)
    switch DialectCatalogue.standard.dialect(for: evidence).name {
    case "anthropic": return "/v1/messages"
    case "openai-chat": return "/v1/chat/completions"
    case "openai-responses": return "/v1/responses"
    case "gemini": return "/v1beta/models/gemini:streamGenerateContent?alt=sse"
    default: return nil
    }
  }

  private static func isAbsolute(_ url: String) -> Bool {
    let scheme = url.prefix(8).lowercased()
    return scheme.hasPrefix("http://") || scheme.hasPrefix("https://")
  }

  /// The scheme and authority of a URL.
  private static func origin(of url: String) -> String {
    guard let colon = url.firstRange(of: "://") else { return url }
    let end = url[colon.upperBound...].firstIndex { "/?#".contains($0) } ?? url.endIndex
    return String(url[..<end])
  }
}
