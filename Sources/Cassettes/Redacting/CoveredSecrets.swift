internal import HTTP
internal import Redaction

/// What was covered in an exchange: by kind and place, and never the secret itself.
struct CoveredSecrets {
  private let exchange: Exchange
  private let redacted: Exchange
  private let rules: RedactionRules

  /// Compares an exchange with what redaction made of it.
  init(in exchange: Exchange, to redacted: Exchange, by rules: RedactionRules) {
    self.exchange = exchange
    self.redacted = redacted
    self.rules = rules
  }

  /// What was covered, in the order of the exchange.
  func found(_ number: Int) -> [RedactionReport.Covered] {
    func covered(_ kind: String, _ words: String, _ place: String) -> RedactionReport.Covered {
      RedactionReport.Covered(
        exchange: number, kind: kind, words: words, place: place, count: 1)
    }
    let changed = Self.places(in: exchange, unlike: redacted)
    let known = SecretScanner().findings(in: exchange)
      .filter { finding in changed.contains { finding.place.hasPrefix($0) } }
    var all = known.map { covered($0.kind.rawValue, $0.kind.words, Self.withoutByte($0.place)) }
    // What is known by its place alone, as in a form.
    let byRules = ruled
    for place in changed where !byRules.contains(place) {
      guard !known.contains(where: { $0.place.hasPrefix(place) }) else { continue }
      all.append(covered("credential", "a credential", place))
    }
    return all + byRules.map { covered("rule", "what a rule of yours names", $0) }
  }

  /// The places in which a user's rules cover more than the built-in ones.
  private var ruled: [String] {
    guard !rules.patterns.isEmpty || !rules.pointers.isEmpty else { return [] }
    var standard = exchange
    Redactor.redact(&standard, by: RedactionRules(keptHeaders: rules.keptHeaders))
    return Self.places(in: standard, unlike: redacted)
  }

  /// Several in one body are counted together.
  private static func withoutByte(_ place: String) -> String {
    guard let comma = place.firstRange(of: ", byte ") else { return place }
    return String(place[..<comma.lowerBound])
  }

  /// The parts in which two exchanges differ, as findings name them.
  private static func places(in one: Exchange, unlike other: Exchange) -> [String] {
    var places: [String] = []
    func add(_ place: String, _ differs: Bool) { if differs { places.append(place) } }
    add("request URL", one.request.url != other.request.url)
    add("request path", one.request.path != other.request.path)
    places += fields("request header", one.request.headers, other.request.headers)
    add("request body", one.request.body != other.request.body)
    places += fields("response header", one.head?.headers ?? [], other.head?.headers ?? [])
    add("response body", one.body != other.body)
    places += fields("trailer", one.trailers?.fields ?? [], other.trailers?.fields ?? [])
    for index in one.asides.indices where one.asides[index].data != other.asides[index].data {
      places.append("marker \(index + 1)")
    }
    add("ending", one.ending.detail != other.ending.detail)
    add(
      "unknown keys",
      one.request.extra != other.request.extra || one.head?.extra != other.head?.extra
        || one.ending.extra != other.ending.extra)
    return places
  }

  private static func fields(
    _ place: String, _ one: [HeaderField], _ other: [HeaderField]
  ) -> [String] {
    zip(one, other).filter { $0.value != $1.value }.map { "\(place) \($0.0.name.lowercased())" }
  }
}
