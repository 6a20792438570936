import Deck
import Libc

/// The variables by which clients find the deck.
struct ClientEnvironment: Sendable {
  /// The base URL.
  let baseURL: String

  private let host: String
  private let givesKeys: Bool
  private let value: @Sendable (String) -> String?

  /// Creates the variables for an address that a deck listens on; one that stands for every address
  /// of the machine is reached by that of its loopback.
  ///
  /// - Parameters:
  ///   - host: The address that the deck was told to listen on.
  ///   - port: The port that it listens on.
  ///   - givesKeys: Whether there are dummy keys where none is set; where requests are forwarded, a
  ///     real one is needed, and an invented one would only hide that it is missing.
  ///   - value: The value of a variable as it is now, or nil.
  init(
    host: String, port: Int, givesKeys: Bool,
    value: @escaping @Sendable (String) -> String? = { getenv($0).map { String(cString: $0) } }
  ) {
    let address = DeckAddress(host: host, port: port)
    self.init(
      host: address.host, baseURL: address.baseURL, givesKeys: givesKeys, value: value)
  }

  /// Creates the variables for a base URL that stands in front of an address, which may hold
  /// directives.
  init(
    host: String, baseURL: String, givesKeys: Bool,
    value: @escaping @Sendable (String) -> String? = { getenv($0).map { String(cString: $0) } }
  ) {
    self.host = host
    self.baseURL = baseURL
    self.givesKeys = givesKeys
    self.value = value
  }

  /// The names and values, in the order in which they are shown.
  ///
  /// A key is a dummy, and only there where none is set: a client that insists on one must not need
  /// a real one to be tested.
  var variables: [(String, String)] {
    var variables = [
      ("TAPEDECK_URL", baseURL), ("ANTHROPIC_BASE_URL", baseURL),
      ("OPENAI_BASE_URL", "\(baseURL)/v1"), ("GOOGLE_GEMINI_BASE_URL", baseURL),
    ]
    if givesKeys {
      for names in Self.keys where names.allSatisfy({ current($0) == nil }) {
        variables.append((names[0], "tapedeck"))
      }
    }
    let direct = ["127.0.0.1", "localhost", host].reduce(into: [String]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }
    for key in ["NO_PROXY", "no_proxy"] {
      let kept = (current(key) ?? "").split(separator: ",").map(String.init)
      variables.append((key, (kept + direct.filter { !kept.contains($0) }).joined(separator: ",")))
    }
    return variables
  }

  /// The lines to show: the base URL, then what a shell takes.
  var lines: [String] {
    [baseURL] + variables.map { "export \($0.0)=\(ShellWord.quoted($0.1, alsoPlain: "[]*"))" }
  }

  /// The variables that a provider's SDK takes a key from; where none is set, the first gets the
  /// dummy.
  private static let keys = [
    ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"], ["OPENAI_API_KEY"],
    ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
  ]

  private func current(_ name: String) -> String? {
    value(name).flatMap { $0.isEmpty ? nil : $0 }
  }
}
