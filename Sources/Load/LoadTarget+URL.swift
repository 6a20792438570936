internal import Sockets

extension LoadTarget {
  /// A URL that cannot be loaded, and why.
  package struct URLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence.
    package let description: String

    /// Whether it may be another time: the name has no address now.
    package let isUnavailable: Bool

    /// Creates an error from its sentence.
    package init(_ description: String, isUnavailable: Bool = false) {
      self.description = description
      self.isUnavailable = isUnavailable
    }
  }

  /// Takes a URL apart. (RFC 3986, 3)
  ///
  /// - Parameters:
  ///   - text: `http://HOST[:PORT][/PATH][?QUERY]`.
  ///   - isBase: whether each request's own target goes behind it; else the URL's own is asked for.
  /// - Returns: the server, and the path and query of the URL, `/` where it has none; of a base URL
  ///   they are the prefix too.
  /// - Throws: what is wrong with the URL, and what to write.
  package static func parse(
    _ text: String, isBase: Bool
  ) throws(URLError) -> (server: LoadTarget, target: String) {
    guard let colon = text.firstRange(of: "://") else {
      throw URLError("'\(text)' is not a URL: write http://HOST:PORT/PATH")
    }
    let scheme = text[..<colon.lowerBound].lowercased()
    guard scheme == "http" else {
      throw URLError(
        scheme == "https"
          ? "'\(text)': load speaks no TLS: name the server's plain port with http://, or put a "
            + "proxy that speaks TLS in front of it"
          : "'\(text)': the scheme '\(scheme)' is not http")
    }
    let rest = text[colon.upperBound...].prefix { $0 != "#" }
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    var path = String(rest[authority.endIndex...])
    if path.first != "/" { path = "/" + path }
    guard path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw URLError("'\(text)': percent-encode what is not a visible ASCII character")
    }
    guard !authority.contains("@") else {
      throw URLError(
        "the URL has a user name in it: send it with -H 'authorization: …'")
    }
    guard let parsed = Authority(authority), parsed.port != 0 else {
      throw URLError("'\(text)': '\(authority)' is not HOST or HOST:PORT")
    }
    var server = LoadTarget(
      host: parsed.name, port: parsed.port ?? 80, authority: String(authority))
    if isBase {
      guard !path.contains("?") else {
        throw URLError(
          "'\(text)' is a base URL, since the requests are a cassette's: leave out "
            + "the query")
      }
      server.prefix = path.hasSuffix("/") ? String(path.dropLast()) : path
    }
    return (server, path)
  }

  /// Whether the server is of this machine, by every address that its name has.
  ///
  /// - Throws: where the name has no address.
  package func isOfThisMachine() throws(URLError) -> Bool {
    do throws(SocketAddress.Failure) {
      return try SocketAddress.all(resolving: host, port: port).allSatisfy(\.isOfThisMachine)
    } catch {
      throw URLError("\(authority) has no address: \(error)", isUnavailable: true)
    }
  }
}
