internal import Libc

#if os(Linux)
  internal import CLinux
#endif

/// A thread of the system's own, for what blocks or must not wait for a pool.
package enum SystemThread {
  /// What a thread's stack is at the least: some systems give those that are not the first very
  /// little, and JSON that nests a thousand deep is read by recursion.
  private static let stackBytes = 4 << 20

  /// Starts a thread that ends when the body returns.
  ///
  /// - Parameters:
  ///   - name: what the system calls it, 15 bytes at the most.
  ///   - body: what it does.
  /// - Returns: 0, or the system's error number where it refused.
  package static func start(name: String, _ body: sending @escaping () -> Void) -> Int32 {
    let life = Unmanaged.passRetained(Life(name, body))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    var stackBytes = 0
    pthread_attr_getstacksize(&attributes, &stackBytes)
    if stackBytes < Self.stackBytes { pthread_attr_setstacksize(&attributes, Self.stackBytes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    #if canImport(Darwin)
      var id: pthread_t?
    #else
      var id = pthread_t()
    #endif
    let code = pthread_create(&id, &attributes, { Life.enter($0) }, life.toOpaque())
    if code != 0 { life.release() }
    return code
  }

  /// Does something that blocks, and waits for it without blocking; nil where there is no thread
  /// for it.
  package static func run<Value: Sendable>(
    _ body: @escaping @Sendable () -> Value
  ) async -> Value? {
    await withCheckedContinuation { continuation in
      if start(name: "tapedeck-work", { continuation.resume(returning: body()) }) != 0 {
        continuation.resume(returning: nil)
      }
    }
  }
}

/// What a thread is given to begin with.
private final class Life {
  private let name: String
  private let body: () -> Void

  init(_ name: String, _ body: @escaping () -> Void) {
    self.name = name
    self.body = body
  }

  static func enter(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let life = Unmanaged<Life>.fromOpaque(context).takeRetainedValue()
    #if canImport(Darwin)
      pthread_setname_np(life.name)
    #elseif os(Linux)
      tapedeck_name_thread(life.name)
    #endif
    life.body()
    return nil
  }
}
