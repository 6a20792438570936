internal import CCurl
internal import Cassettes
internal import Redaction

/// Checks a URL as libcurl reads it, before a transfer is made of it.
enum URLCheck {
  static func validate(_ url: String) throws(RecordingError) {
    try CurlMulti.require()
    guard let parts = curl_url() else { throw RecordingError("libcurl has no memory for a URL") }
    defer { curl_url_cleanup(parts) }
    let shown = Redactor.redact(url: url)
    guard !url.utf8.contains(0), curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK else {
      throw RecordingError("'\(shown)' \(SchemeAdvice.advice(on: shown))")
    }
    var scheme: UnsafeMutablePointer<CChar>?
    defer { curl_free(scheme) }
    guard tapedeck_curl_url_get(parts, CURLUPART_SCHEME, &scheme) == CURLUE_OK, let scheme,
      ["http", "https"].contains(String(cString: scheme).lowercased())
    else {
      throw RecordingError("'\(shown)' \(SchemeAdvice.advice(on: shown))")
    }
  }
}
