internal import Libc

/// The host and port of a server, as the field `host` and a URL have them. (RFC 3986, 3.2)
package struct Authority: Hashable, Sendable {
  /// The host in lower case, without the dot of the root; an address in its shortest form, without
  /// brackets.
  package let name: String

  /// The port, or nil where none is given.
  package let port: Int?

  /// Takes an authority apart, or returns nil where it is none.
  package init?(_ text: some StringProtocol) {
    let text = text.lowercased()
    let isBracketed = text.hasPrefix("[")
    let end =
      isBracketed
      ? text.firstIndex(of: "]").map { text.index(after: $0) } : text.firstIndex(of: ":")
    let host = text[..<(end ?? text.endIndex)]
    let rest = text[host.endIndex...]
    guard rest.isEmpty || rest.first == ":" else { return nil }
    let digits = rest.dropFirst()
    port = digits.isEmpty ? nil : digits.allSatisfy(\.isASCIIDigit) ? Int(digits) : -1
    guard port.map({ (0...65_535).contains($0) }) ?? true else { return nil }
    if isBracketed {
      guard host.count > 2, let address = Self.address(host.dropFirst().dropLast()) else {
        return nil
      }
      name = address
    } else {
      name = String(host.hasSuffix(".") ? host.dropLast() : host)
    }
    guard !name.isEmpty else { return nil }
  }

  /// Whether only the machine itself can be meant. (RFC 6761, 6.3; RFC 1122, 3.2.1.3)
  package var isLoopback: Bool {
    name == "localhost" || name.hasSuffix(".localhost") || name == "::1"
      || Self.isIPv4Loopback(name)
  }

  /// Whether it is an address and no name.
  package var isAddress: Bool { name.contains(":") || Self.isIPv4(name) }

  /// The shortest form of an IPv6 address, that of an IPv4 address where it stands for one, or nil
  /// where the text is none.
  package static func address(_ text: some StringProtocol) -> String? {
    var address = in6_addr()
    guard inet_pton(AF_INET6, String(text), &address) == 1 else { return nil }
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_ntop(AF_INET6, &address, &buffer, socklen_t(buffer.count)) != nil else {
      return nil
    }
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let short = String(decoding: bytes, as: UTF8.self)
    let mapped = short.dropFirst("::ffff:".count)
    return short.hasPrefix("::ffff:") && isIPv4(String(mapped)) ? String(mapped) : short
  }

  private static func isIPv4Loopback(_ name: String) -> Bool {
    name.hasPrefix("127.") && isIPv4(name)
  }

  private static func isIPv4(_ name: String) -> Bool {
    var address = in_addr()
    return inet_pton(AF_INET, name, &address) == 1
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
