internal import CCurl
internal import Synchronization

/// Finds the transfer that an HTTP/2 frame is about.
///
/// nghttp2 knows the easy handle of a stream and no more, and it may be one of another user of
/// libcurl in this process.
enum FrameWatch {
  /// The addresses of the transfers under way, by those of their handles; each is looked up on its
  /// own thread, which also removes it.
  private static let transfers = Mutex<[UInt: UInt]>([:])

  /// Whether frames are looked at at all.
  static let isActive = tapedeck_curl_watch_frames(onFrame) != 0

  /// Whether libcurl itself tells a stream that ended from one that was reset, as it does since
  /// 8.1.
  static let isToldByLibcurl = tapedeck_curl_version() >= 0x080100

  static func add(_ transfer: Transfer) {
    let handle = UInt(bitPattern: transfer.handle)
    let address = UInt(bitPattern: Unmanaged.passUnretained(transfer).toOpaque())
    if isActive { transfers.withLock { $0[handle] = address } }
  }

  static func remove(_ transfer: Transfer) {
    let handle = UInt(bitPattern: transfer.handle)
    if isActive { transfers.withLock { _ = $0.removeValue(forKey: handle) } }
  }

  private static let onFrame: tapedeck_curl_frame_callback = { easy, what, code in
    let handle = UInt(bitPattern: easy)
    guard let address = transfers.withLock({ $0[handle] }),
      let pointer = UnsafeRawPointer(bitPattern: address)
    else { return }
    Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue().note(what, code)
  }
}
