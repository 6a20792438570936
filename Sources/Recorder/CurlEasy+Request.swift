internal import CCurl
internal import Cassettes
internal import HTTP
internal import Redaction

extension CurlEasy {
  /// Sets up all of a request but its callbacks.
  mutating func prepare(_ request: RecordingRequest) {
    set(CURLOPT_URL, request.sentURL)
    set(CURLOPT_PATH_AS_IS, true)
    setMethod(request)
    setHeaders(request.lines(of: request.sentHeaders))
    setConnection(request.options)
    // A connection that was used before may be about to die, and what is sent then is lost: the
    // longer nobody used it, the more likely.
    if !request.isSafe {
      set(CURLOPT_MAXAGE_CONN, Int(request.options.idleReuse.components.seconds))
    }
    // Kept as long as the transfer where the body is large; libcurl takes no less than 16 KiB.
    set(CURLOPT_UPLOAD_BUFFERSIZE, 16 << 10)
    // Where there may be thousands at once; an arrival of a stream is smaller all the same.
    if request.options.reusesConnections { set(CURLOPT_BUFFERSIZE, 4 << 10) }
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
    set(CURLOPT_FRESH_CONNECT, !options.reusesConnections)
    set(CURLOPT_FORBID_REUSE, !options.reusesConnections)
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
    set(CURLOPT_SSL_VERIFYPEER, !options.insecure)
    set(CURLOPT_SSL_VERIFYHOST, options.insecure ? 0 : 2)
    if let file = options.caFile { set(CURLOPT_CAINFO, file) }
  }
}

extension RecordingRequest {
  /// The lines without those that authenticate, whatever is kept of them in a recording.
  var linesWithoutCredentials: [[UInt8]] {
    var rules = options.redaction
    rules.keptHeaders = []
    return lines(
      of: sentHeaders.filter { field in
        var redacted = field
        Redactor.redact(&redacted, by: rules)
        return redacted == field && !Redactor.redacts(fieldNamed: field.name)
      })
  }

  /// The lines for libcurl, in Latin-1; those at the end keep it from adding fields of its own.
  func lines(of headers: [HeaderField]) -> [[UInt8]] {
    var lines = headers.map { header in
      // libcurl takes "name:" for "leave it out", and "name;" for an empty value.
      let text =
        header.value.allSatisfy({ $0 == " " || $0 == "\t" })
        ? "\(header.name);" : "\(header.name): \(header.value)"
      return text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }
    for name in ["content-type", "expect"] + (options.addsFields ? [] : ["accept"])
    where headers.value(of: name) == nil { lines.append(Array("\(name):".utf8)) }
    return lines
  }
}
