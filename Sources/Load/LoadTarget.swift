/// The server that is loaded: where its connections go, and what its URL says beside that.
package struct LoadTarget: Hashable, Sendable {
  /// A name or an address, without brackets.
  package var host: String
  package var port: Int
  /// What stands before each request's own target: `/v1`, or a deck's directives; empty for none.
  package var prefix: String
  /// What the Host field says.
  package var authority: String

  /// Creates a target from its parts.
  package init(host: String, port: Int, prefix: String = "", authority: String) {
    self.host = host
    self.port = port
    self.prefix = prefix
    self.authority = authority
  }
}
