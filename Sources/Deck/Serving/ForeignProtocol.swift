/// A protocol that clients speak to a port by mistake, and that HTTP/1.1 can be told from by its
/// first bytes.
enum ForeignProtocol: Equatable {
  /// A handshake record of TLS. (RFC 8446, 5.1)
  case tls
  /// The preface of HTTP/2, with prior knowledge. (RFC 9113, 3.4)
  case http2

  /// What a person reads of it.
  func message(port: Int) -> String {
    switch self {
    case .tls: "a client spoke TLS: use http://127.0.0.1:\(port), not https://"
    case .http2:
      "a client spoke HTTP/2: use HTTP/1.1, which the deck speaks on http://127.0.0.1:\(port)"
    }
  }
}
