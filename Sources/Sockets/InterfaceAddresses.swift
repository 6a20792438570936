internal import Libc
internal import Synchronization

/// The addresses of the machine, by which a deck is asked that listens on all of them.
///
/// They are looked up anew where one is not known, since interfaces come and go.
package final class InterfaceAddresses: Sendable {
  private let known = Mutex<Set<String>>([])

  /// Knows none yet.
  package init() {}

  /// Whether the machine has an address, in the form that `Authority` gives it.
  package func contains(_ address: String) -> Bool {
    known.withLock { known in
      if !known.contains(address) { known = Self.current() }
      return known.contains(address)
    }
  }

  private static func current() -> Set<String> {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return [] }
    defer { freeifaddrs(list) }
    var addresses: Set<String> = []
    var next = list
    while let entry = next?.pointee {
      if let address = entry.ifa_addr.flatMap(text) { addresses.insert(address) }
      next = entry.ifa_next
    }
    return addresses
  }

  /// The text of an address, without the zone that a link-local one has.
  static func text(_ address: UnsafeMutablePointer<sockaddr>) -> String? {
    let family = Int32(address.pointee.sa_family)
    guard family == AF_INET || family == AF_INET6 else { return nil }
    let size = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
    var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    guard
      getnameinfo(
        address, socklen_t(size), &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST) == 0
    else { return nil }
    let bytes = buffer.prefix { $0 != 0 && $0 != CChar(UInt8(ascii: "%")) }
    return String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
