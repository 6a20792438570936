internal import CCurl
internal import Cassettes

/// Checks a URL as libcurl reads it, before a transfer is made of it.
enum URLCheck {
  static func validate(_ url: String) throws(RecordingError) {
    if let missing = tapedeck_curl_missing() {
      throw RecordingError(
        "\(String(cString: missing)), and without it nothing can be recorded: install libcurl4")
    }
    guard let parts = curl_url() else { throw RecordingError("libcurl has no memory for a URL") }
    defer { curl_url_cleanup(parts) }
    let shown = Redaction.redact(url: url)
    guard !url.utf8.contains(0), curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK else {
      throw RecordingError("\"\(shown)\" is not a URL; give one such as https://host/path")
    }
    var scheme: UnsafeMutablePointer<CChar>?
    defer { curl_free(scheme) }
    guard tapedeck_curl_url_get(parts, CURLUPART_SCHEME, &scheme) == CURLUE_OK, let scheme,
      ["http", "https"].contains(String(cString: scheme).lowercased())
    else {
      throw RecordingError("\"\(shown)\" is not an http or https URL")
    }
  }
}
