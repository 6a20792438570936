internal import CCurl
internal import Cassettes

extension CurlEasy {
  /// Sets up all of a request but its callbacks.
  mutating func prepare(_ request: RecordingRequest) {
    set(CURLOPT_URL, request.sentURL)
    set(CURLOPT_PATH_AS_IS, true)
    setMethod(request)
    setHeaders(Self.lines(request.sentHeaders, addsAccept: request.options.addsFields))
    // "identity" asks for no coding, and makes libcurl undo whatever coding comes all the same. Without
    // the option it neither asks for one nor undoes any.
    if request.options.decodesContent { set(CURLOPT_ACCEPT_ENCODING, "identity") }
    setConnection(request.options)
    // Kept as long as the transfer where the body is large; libcurl takes no less than 16 KiB.
    set(CURLOPT_UPLOAD_BUFFERSIZE, 16 << 10)
    set(CURLOPT_VERBOSE, true)
    set(CURLOPT_NOSIGNAL, true)
    tapedeck_curl_leave_quickly(pointer)
  }

  private func setMethod(_ request: RecordingRequest) {
    let method = request.method
    guard method != "HEAD" else { return set(CURLOPT_NOBODY, true) }
    if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(method) {
      set(CURLOPT_POST, true)
      setBody(request.body)
    }
    if method != "GET" || !request.body.isEmpty, method != "POST" {
      set(CURLOPT_CUSTOMREQUEST, method)
    }
  }

  private func setConnection(_ options: RecordingOptions) {
    _ = tapedeck_curl_allow_http_only(pointer)
    set(CURLOPT_HTTP09_ALLOWED, false)
    let version = options.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1
    set(CURLOPT_HTTP_VERSION, Int(version))
    set(CURLOPT_FOLLOWLOCATION, options.followRedirects)
    set(CURLOPT_MAXREDIRS, 10)
    set(CURLOPT_CONNECTTIMEOUT_MS, Int(max(1, options.connectTimeout.nanoseconds / 1_000_000)))
    set(CURLOPT_TCP_NODELAY, true)
    // A connection that was used before may be dead. Where it was closed before any byte of an answer
    // came, libcurl asks again over a new one, which is right for a POST too: a server that closes an
    // idle connection has not read the request (RFC 9112, 9.3.1; RFC 9110, 9.2.2).
    set(CURLOPT_FRESH_CONNECT, !options.reusesConnections)
    set(CURLOPT_FORBID_REUSE, !options.reusesConnections)
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
    set(CURLOPT_SSL_VERIFYPEER, !options.insecure)
    set(CURLOPT_SSL_VERIFYHOST, options.insecure ? 0 : 2)
    if let file = options.caFile { set(CURLOPT_CAINFO, file) }
  }

  /// The lines for libcurl, in Latin-1; those at the end keep it from adding fields of its own.
  private static func lines(_ headers: [HeaderField], addsAccept: Bool) -> [[UInt8]] {
    var lines = headers.map { header in
      // libcurl takes "name:" for "leave it out", and "name;" for an empty value.
      let text =
        header.value.allSatisfy({ $0 == " " || $0 == "\t" })
        ? "\(header.name);" : "\(header.name): \(header.value)"
      return text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }
    for name in ["content-type", "expect"] + (addsAccept ? [] : ["accept"])
    where headers.value(of: name) == nil { lines.append(Array("\(name):".utf8)) }
    return lines
  }
}
