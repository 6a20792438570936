internal import Libc
internal import NIOCore
internal import NIOPosix

#if os(Linux)
  internal import CLinux
#endif

/// What the kernel still holds of a connection's output.
enum SendQueue {
  /// The bytes that were written but not acknowledged by the peer, or nil where the system won't say.
  ///
  /// A write is done when the kernel has the bytes; a reset throws away what the peer has not
  /// acknowledged, so a reset that must not cost bytes waits until this is 0.
  static func unacknowledgedBytes(of channel: any Channel) -> Int? {
    let count: Int32? = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
      of: NIOBSDSocket.Handle.self
    ) { descriptor in
      #if os(Linux)
        return tapedeck_unacknowledged_bytes(descriptor)
      #else
        var count: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_NWRITE, &count, &size) == 0 ? count : -1
      #endif
    }
    guard let count, count >= 0 else { return nil }
    return Int(count)
  }

  /// Lets the next close send RST in place of FIN.
  static func discardOnClose(_ channel: any Channel) {
    guard let provider = channel as? any SocketOptionProvider else { return }
    // On the channel's own loop the option is set before this returns.
    _ = provider.setSoLinger(linger(l_onoff: 1, l_linger: 0))
  }
}
