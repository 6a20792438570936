internal import Libc

/// What every send asks for.
enum SendFlags {
  /// To come back at once, and without a signal where the peer is gone.
  #if canImport(Darwin)
    static let now = Int32(MSG_DONTWAIT)
  #else
    static let now = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
  #endif
}
