import Libc

/// The variables by which clients find the deck.
struct ClientEnvironment: Sendable {
  /// The base URL.
  let baseURL: String

  private let host: String

  /// Creates the variables for an address that a deck listens on; one that stands for every address
  /// of the machine is reached by that of its loopback.
  init(host: String, port: Int) {
    let host = ["0.0.0.0": "127.0.0.1", "::": "::1"][host] ?? host
    self.host = host
    baseURL = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }

  /// The names and values, in the order in which they are shown.
  ///
  /// A key is a dummy, and only there where none is set: a client that insists on one must not need a
  /// real one to be tested.
  var variables: [(String, String)] {
    var variables = [("ANTHROPIC_BASE_URL", baseURL), ("OPENAI_BASE_URL", "\(baseURL)/v1")]
    for key in ["ANTHROPIC_API_KEY", "OPENAI_API_KEY"] where value(of: key) == nil {
      variables.append((key, "tapedeck"))
    }
    let direct = ["127.0.0.1", "localhost", host].reduce(into: [String]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }
    for key in ["NO_PROXY", "no_proxy"] {
      let kept = (value(of: key) ?? "").split(separator: ",").map(String.init)
      variables.append((key, (kept + direct.filter { !kept.contains($0) }).joined(separator: ",")))
    }
    return variables
  }

  /// The lines to show: the base URL, then what a shell takes.
  var lines: [String] {
    [baseURL] + variables.map { "export \($0.0)=\(Self.quoted($0.1))" }
  }

  private func value(of name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  private static func quoted(_ value: String) -> String {
    let isPlain = value.utf8.allSatisfy { byte in
      "._-/:,@%+=[]*".utf8.contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    return isPlain ? value : "'\(value.replacing("'", with: "'\\''"))'"
  }
}
