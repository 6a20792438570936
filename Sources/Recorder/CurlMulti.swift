internal import CCurl

/// Owns libcurl's multi handle; of its methods only `wake` may be called from another thread.
struct CurlMulti: ~Copyable {
  /// libcurl's global state, made once, before any handle.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  let pointer: UnsafeMutableRawPointer

  init() throws(RecordingError) {
    guard Self.isReady, let handle = curl_multi_init() else {
      throw RecordingError("libcurl could not be started")
    }
    pointer = handle
  }

  deinit { curl_multi_cleanup(pointer) }

  func add(_ easy: borrowing CurlEasy) -> Bool {
    curl_multi_add_handle(pointer, easy.pointer) == CURLM_OK
  }

  func remove(_ easy: borrowing CurlEasy) { curl_multi_remove_handle(pointer, easy.pointer) }

  /// Does all that can be done without waiting.
  func perform() {
    var running: Int32 = 0
    curl_multi_perform(pointer, &running)
  }

  /// Waits until something can be done, `wake` is called, or the time is over.
  func wait(milliseconds: Int) {
    curl_multi_poll(pointer, nil, 0, Int32(clamping: milliseconds), nil)
  }

  /// The easy handle of a transfer that is over, and its code; nil where there is none.
  func takeFinished() -> (handle: UnsafeMutableRawPointer, code: CURLcode)? {
    var code = CURLE_OK
    return tapedeck_curl_take_finished(pointer, &code).map { ($0, code) }
  }
}
