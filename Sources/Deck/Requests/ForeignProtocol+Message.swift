internal import HTTP

extension ForeignProtocol {
  /// What a person reads of it.
  func message(port: Int) -> String {
    switch self {
    case .tls: "a client spoke TLS: use http://127.0.0.1:\(port), not https://"
    case .http2:
      "a client spoke HTTP/2: use HTTP/1.1, which the deck speaks on http://127.0.0.1:\(port)"
    }
  }
}
