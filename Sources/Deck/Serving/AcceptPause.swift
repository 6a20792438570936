internal import Libc
internal import NIOCore

/// Stops accepting for a moment when the process is out of descriptors.
///
/// A listening socket with a connection that cannot be accepted stays readable, and would keep its loop
/// busy until somebody leaves.
final class AcceptPause: ChannelInboundHandler {
  typealias InboundIn = any Channel

  private static let length = TimeAmount.milliseconds(100)

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let code = (error as? IOError)?.errnoCode,
      [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code)
    else {
      context.fireErrorCaught(error)
      return
    }
    let channel = context.channel
    try? channel.syncOptions?.setOption(.autoRead, value: false)
    channel.eventLoop.assumeIsolated().scheduleTask(in: Self.length) {
      try? channel.syncOptions?.setOption(.autoRead, value: true)
    }
  }
}
