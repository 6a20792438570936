internal import Loading
internal import Sockets

/// A connection of one loop, and the stream that it carries.
final class LoadConnection {
  let socket: ClientSocket
  /// Which of the target's addresses it goes to.
  let address: Int
  /// The stream that it carries; nil while it is kept for the next one.
  var stream: LoadStream?
  /// Whether the kernel has not taken all of the request yet.
  var isSending = false
  /// Whether it is known to be there: the kernel took bytes.
  var isConnected = false
  /// When it was opened, and how long it took until it was known to be there.
  let openedAt: Int64
  var connectTime: Int64 = 0
  /// How many streams it has carried before this one.
  var uses = 0
  /// When the last byte came or went.
  var lastHeard: Int64 = 0
  /// When the wheel wakes it next; `Int64.max` where it does not.
  var wakesAt = Int64.max
  /// Whether the peer has said that it sends no more.
  var endIsNear = false

  init(_ socket: consuming ClientSocket, address: Int, openedAt: Int64) {
    self.socket = socket
    self.address = address
    self.openedAt = openedAt
  }
}
