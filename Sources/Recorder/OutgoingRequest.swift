internal import Cassettes
internal import HTTP

/// The request as it goes out, put together from the pieces in which libcurl sends it.
struct OutgoingRequest {
  private var section = HeaderSection()
  private var line: [UInt8] = []
  private var isRequestLine = true
  private var isHeadWhole = true
  private var isTunnel = false
  private var bodyBytes = 0

  /// Whether a new request has begun that nobody took note of yet.
  var isFresh = false

  /// The fields, as they went out.
  var fields: [HeaderField] { section.fields }

  /// Adds what went out; false where it was for a proxy's tunnel only. (RFC 9110, 9.3.6)
  ///
  /// What libcurl could not send of a head at once it reports as body later on.
  mutating func add(_ bytes: UnsafeBufferPointer<UInt8>, isHead: Bool) -> Bool {
    if isHead, isHeadWhole { begin(isTunnel: bytes.starts(with: "CONNECT ".utf8)) }
    var rest = bytes[...]
    while !isHeadWhole, let byte = rest.popFirst() {
      line.append(byte)
      if byte == UInt8(ascii: "\n") { endLine() }
    }
    bodyBytes += rest.count
    return !isTunnel
  }

  /// Whether the head and a body of that many bytes are out.
  func isWhole(bodyBytes wanted: Int) -> Bool { isHeadWhole && bodyBytes >= wanted }

  private mutating func begin(isTunnel: Bool) {
    self = OutgoingRequest()
    isHeadWhole = false
    isFresh = true
    self.isTunnel = isTunnel
  }

  private mutating func endLine() {
    if line.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) {
      isHeadWhole = true
    } else if isRequestLine {
      isRequestLine = false
    } else {
      _ = section.add(line)
    }
    line.removeAll()
  }
}
