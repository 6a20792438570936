internal import CCurl

/// Owns one easy handle of libcurl, and the memory that it reads and writes.
struct CurlEasy: ~Copyable {
  let pointer: UnsafeMutableRawPointer
  private let errorText: UnsafeMutablePointer<CChar>
  private var headerLines: UnsafeMutablePointer<curl_slist>?

  init() throws(RecordingError) {
    guard let handle = curl_easy_init() else {
      throw RecordingError("libcurl has no memory for a transfer")
    }
    pointer = handle
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    _ = tapedeck_curl_set_error_buffer(pointer, errorText)
  }

  deinit {
    curl_easy_cleanup(pointer)
    curl_slist_free_all(headerLines)
    errorText.deallocate()
  }

  func set(_ option: CURLoption, _ value: Int) {
    _ = tapedeck_curl_set_long(pointer, option, value)
  }

  func set(_ option: CURLoption, _ value: Bool) { set(option, value ? 1 : 0) }

  func set(_ option: CURLoption, _ value: String) {
    _ = tapedeck_curl_set_string(pointer, option, value)
  }

  /// Sets the request's header lines, each of bytes without a line end.
  mutating func setHeaders(_ lines: [[UInt8]]) {
    for line in lines {
      (line.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { text in
        // On failure the list is what it was: a header would be missing only where memory is.
        if let longer = curl_slist_append(headerLines, text.baseAddress) { headerLines = longer }
      }
    }
    _ = tapedeck_curl_set_headers(pointer, headerLines)
  }

  func setBody(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes {
      _ = tapedeck_curl_set_body(pointer, $0.baseAddress ?? UnsafeRawPointer(pointer), $0.count)
    }
  }

  /// Sets other header lines than before; not while a request is sent.
  mutating func replaceHeaders(_ lines: [[UInt8]]) {
    let before = headerLines
    headerLines = nil
    setHeaders(lines)
    curl_slist_free_all(before)
  }

  func string(_ info: CURLINFO) -> String { String(cString: tapedeck_curl_string(pointer, info)) }

  func long(_ info: CURLINFO) -> Int { tapedeck_curl_long(pointer, info) }

  func offset(_ info: CURLINFO) -> Int64 { tapedeck_curl_offset(pointer, info) }

  /// What libcurl says of a code: its own words about this transfer, or else those for the code.
  func text(for code: CURLcode) -> String {
    // Some of its messages end in a space.
    let own = String(cString: errorText)
    if let end = own.lastIndex(where: { $0 != " " }) { return String(own[...end]) }
    return curl_easy_strerror(code).map { String(cString: $0) } ?? ""
  }
}
