internal import Libc
internal import NIOCore
internal import NIOPosix

/// Writes wire bytes to a connection, past the channel's buffer while that is empty.
///
/// A timed stream is thousands of small writes, nearly each of which the kernel takes at once: going
/// through the pipeline to queue, flush and complete each costs more than half as much as the system
/// call itself. What the kernel does not take goes the channel's way, and so does all that follows
/// until the channel is empty again, so the order of bytes is never in question.
final class DirectOutput {
  /// The socket, while it is the channel's: another may get the number of one that is closed.
  private var descriptor: NIOBSDSocket.Handle?
  private var queued = 0

  /// The bytes in the channel's buffer, or that were there when it closed.
  private(set) var queuedBytes = 0

  /// Called when the channel's buffer is empty again, or never will be sent.
  var onEmpty: () -> Void = {}

  /// Whether something is still in the channel's buffer.
  var isPending: Bool { queued > 0 }

  /// Begins to write to a channel that is active.
  func open(_ channel: any Channel) {
    descriptor = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
      of: NIOBSDSocket.Handle.self
    ) { $0 }
  }

  /// Stops writing past the channel, which is not active any more.
  func close() {
    descriptor = nil
    onEmpty = {}
  }

  /// Whether more can be written without filling the channel's buffer.
  func isWritable(_ channel: @autoclosure () -> any Channel) -> Bool {
    queued == 0 || channel().isWritable
  }

  /// Writes a range of a buffer, in order behind all that was written before.
  func write(_ range: Range<Int>, of wire: ByteBuffer, to context: ChannelHandlerContext) {
    let sent = queued == 0 ? sendNow(range, of: wire) : 0
    guard sent < range.count,
      let rest = wire.getSlice(
        at: wire.readerIndex + range.lowerBound + sent, length: range.count - sent)
    else { return }
    queued += 1
    queuedBytes += rest.readableBytes
    context.writeAndFlush(NIOAny(rest)).assumeIsolated().whenComplete { result in
      switch result {
      case .success: self.queuedBytes -= rest.readableBytes
      // It fails only where the channel is closed, of which we are told a little later.
      case .failure: self.descriptor = nil
      }
      self.queued -= 1
      if self.queued == 0 { self.onEmpty() }
    }
  }

  /// Hands bytes to the kernel, and returns how many it took.
  private func sendNow(_ range: Range<Int>, of wire: ByteBuffer) -> Int {
    guard let descriptor else { return 0 }
    let count = wire.withUnsafeReadableBytes { bytes in
      send(descriptor, bytes.baseAddress?.advanced(by: range.lowerBound), range.count, Self.flags)
    }
    // Whatever is wrong with the socket, the channel finds out by writing to it.
    return max(0, count)
  }

  #if canImport(Darwin)
    private static let flags = Int32(MSG_DONTWAIT)
  #else
    private static let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
  #endif
}
