internal import Libc
package import Units

#if os(Linux)
  internal import CLinux
#endif

/// An address that sockets listen on, or connect to, of either family of IP.
package struct SocketAddress {
  /// Why there is no address, or nothing listens on it.
  package enum Failure: Error, Equatable, CustomStringConvertible {
    case system(SystemError)
    /// What the resolver says of a name.
    case name(Int32)

    package var description: String {
      switch self {
      case .system(let error): "\(error)"
      case .name(let code): String(cString: gai_strerror(code))
      }
    }
  }

  /// `AF_INET` or `AF_INET6`.
  let family: Int32

  private var storage: sockaddr_storage
  private let length: socklen_t

  /// Looks up a name, or takes an address as it is written; the first that the system knows counts.
  package init(resolving host: String, port: Int) throws(Failure) {
    guard let first = try Self.all(resolving: host, port: port).first else {
      throw .name(EAI_NONAME)
    }
    self = first
  }

  private init?(_ found: addrinfo) {
    guard let address = found.ai_addr,
      Int(found.ai_addrlen) <= MemoryLayout<sockaddr_storage>.size
    else { return nil }
    var storage = sockaddr_storage()
    withUnsafeMutableBytes(of: &storage) {
      $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(found.ai_addrlen)))
    }
    self.storage = storage
    family = found.ai_family
    length = found.ai_addrlen
  }

  /// Looks up a name, or takes an address as it is written.
  ///
  /// - Returns: all that the system knows, in the order in which they are to be tried.
  /// - Throws: what the resolver says where there is none.
  package static func all(resolving host: String, port: Int) throws(Failure) -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    #if canImport(Glibc)
      hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
      hints.ai_socktype = SOCK_STREAM
    #endif
    var found: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &found)
    guard code == 0 else { throw code == EAI_SYSTEM ? .system(SystemError(errno)) : .name(code) }
    defer { freeaddrinfo(found) }
    var addresses: [SocketAddress] = []
    var next = found
    while let info = next?.pointee {
      if let address = SocketAddress(info) { addresses.append(address) }
      next = info.ai_next
    }
    guard !addresses.isEmpty else { throw .name(EAI_NONAME) }
    return addresses
  }

  /// The address as it is written in numbers, without the zone that a link-local one has; nil where
  /// the system cannot say it.
  package var text: String? {
    withSocketAddress { address, _ in
      InterfaceAddresses.text(UnsafeMutablePointer(mutating: address))
    }
  }

  /// Whether it is an address of this machine: loopback, or one that an interface has.
  package var isOfThisMachine: Bool {
    guard let text, let authority = Authority(text.contains(":") ? "[\(text)]" : text) else {
      return false
    }
    return authority.isLoopback || InterfaceAddresses().contains(authority.name)
  }

  /// Calls the body with the address as the system takes it.
  func withSocketAddress<T>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T {
    withUnsafePointer(to: storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }
}
