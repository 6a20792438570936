internal import Cassettes
internal import Dispatch
internal import Recorder
internal import Synchronization
internal import Threads

/// Says of an upstream that gave no answer that it speaks the other one of http and https, once for
/// each.
///
/// The client sees what a connection of its own would have shown it, a closed one, which says
/// nothing.
final class SchemeWatch: Sendable {
  /// How many upstreams are looked at: there are few, and a redirect may name others.
  private static let limit = 64

  /// What was found out of each; nil while that is asked, and "" for nothing.
  private let found = Mutex<[String: String?]>([:])

  /// Looks at how a transfer ended, on a thread of its own where it has to ask the server.
  ///
  /// - Parameters:
  ///   - end: The last event of the transfer.
  ///   - url: What was asked.
  ///   - underWay: What is entered while the server is asked.
  ///   - say: Takes what is to be said.
  func look(
    at end: RecordingEvent?, of url: String, _ underWay: DispatchGroup,
    say: @escaping @Sendable (String) -> Void
  ) {
    guard case .ended(let ending, let failure?) = end,
      [.closed, .cut, .reset, .handshake, .notHTTP].contains(failure),
      SchemeProbe.mayExplain(ending, hasHead: false), let probe = SchemeProbe(url: url),
      let origin = Self.origin(of: url)
    else { return }
    let (isNew, known) = found.withLock { found -> (Bool, String?) in
      if let known = found[origin] { return (false, known) }
      guard found.count < Self.limit else { return (false, nil) }
      found[origin] = .some(nil)
      return (true, nil)
    }
    if let known, !known.isEmpty { return say(known) }
    guard isNew else { return }
    underWay.enter()
    let code = SystemThread.start(name: "tapedeck-probe") { [self] in
      let words = probe.advice.map { "\(origin) gave no answer: \($0)" } ?? ""
      found.withLock { $0[origin] = words }
      if !words.isEmpty { say(words) }
      underWay.leave()
    }
    if code != 0 { underWay.leave() }
  }

  /// The scheme and the host of a URL, without what may be a password.
  private static func origin(of url: String) -> String? {
    guard let scheme = url.firstRange(of: "://") else { return nil }
    let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
    return "\(url[..<scheme.upperBound])\(authority.split(separator: "@").last ?? "")"
  }
}
