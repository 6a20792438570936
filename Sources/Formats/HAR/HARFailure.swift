internal import Cassettes

/// How an exchange failed, by what a browser calls it: `net::ERR_CONNECTION_RESET`.
struct HARFailure {
  /// How it ended.
  let how: Ending.How
  /// How far the request got, where no head came.
  let stage: Ending.Stage
  /// What the browser said.
  let detail: String

  /// Reads an error's name.
  ///
  /// That the page itself left is the connection's end for the server: the stream is cut there.
  init(_ text: String) {
    detail = text
    let name = text.uppercased()
    func has(_ parts: String...) -> Bool { parts.contains { name.contains($0) } }
    stage =
      if has("NAME_NOT_RESOLVED", "NAME_RESOLUTION", "DNS_", "UNKNOWN_HOST") {
        .dns
      } else if has("SSL", "CERT", "TLS") {
        .tls
      } else if has(
        "CONNECTION_REFUSED", "CONNECTION_FAILED", "CONNECTION_TIMED_OUT", "UNREACHABLE",
        "INTERNET_DISCONNECTED", "NETWORK_CHANGED", "BLOCKED", "PROXY")
      {
        .connect
      } else {
        .request
      }
    how =
      if has("RESET") {
        .reset
      } else if has("TIMED_OUT", "TIMEOUT") {
        .timeout
      } else if has("PROTOCOL_ERROR", "INVALID_", "DECODING", "MALFORMED", "UNEXPECTED") {
        .malformed
      } else {
        .truncated
      }
  }

  /// Writes the failure into a capture.
  func settle(_ capture: inout Capture) {
    capture.ending =
      capture.status == nil && (how != .timeout || stage != .request)
      ? .unreachable : how
    capture.endingStage = stage
    capture.endingDetail = detail
  }
}
