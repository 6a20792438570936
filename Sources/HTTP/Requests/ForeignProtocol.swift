/// A protocol that clients speak to a port by mistake, and that HTTP/1.1 can be told from by its
/// first bytes.
package enum ForeignProtocol: Equatable {
  /// A handshake record of TLS. (RFC 8446, 5.1)
  case tls
  /// The preface of HTTP/2, with prior knowledge. (RFC 9113, 3.4)
  case http2
}
