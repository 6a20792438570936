internal import Cassettes
public import HTTP
internal import Libc

/// One request to make and record.
public struct RecordingRequest: Hashable, Sendable {
  /// What to ask: an absolute http or https URL.
  ///
  /// Bytes beyond ASCII behind the authority are sent and recorded percent-encoded.
  public var url: String

  /// The request method.
  public var method: String

  /// The fields to send, in order; libcurl adds what is missing, such as `host`.
  ///
  /// An empty value is sent as such. `content-length` and `transfer-encoding` are made anew.
  public var headers: [HeaderField]

  /// The body; a HEAD request sends none.
  public var body: [UInt8]

  /// How to make it, and when to give up.
  public var options: RecordingOptions

  /// Creates a request from its parts.
  public init(
    url: String, method: String = "GET", headers: [HeaderField] = [], body: [UInt8] = [],
    options: RecordingOptions = RecordingOptions()
  ) {
    self.url = url
    self.method = method
    self.headers = headers
    self.body = body
    self.options = options
  }

  /// Finds what would keep the request from being sent as it stands.
  ///
  /// - Throws: What is wrong with the URL, the method, a field or the file of authorities.
  public func validate() throws(RecordingError) {
    guard method.isToken else {
      throw RecordingError("the method \"\(method)\" is not an HTTP token")
    }
    for header in headers {
      guard header.name.isToken else {
        throw RecordingError("the header name \"\(header.name)\" is not an HTTP token")
      }
      // A control character would end the line, and what follows it would be a field of its own.
      guard header.value.isFieldValue else {
        throw RecordingError(
          "the value of the header \(header.name) holds a control character, or one beyond Latin-1")
      }
    }
    try URLCheck.validate(url)
    if let file = options.caFile { try Self.checkReadable(file) }
  }

  /// libcurl would find out only when it is connected, and call it a failure of the handshake.
  private static func checkReadable(_ caFile: String) throws(RecordingError) {
    var status = stat()
    guard stat(caFile, &status) == 0, access(caFile, R_OK) == 0 else {
      let reason = strerror(errno).map { String(cString: $0) } ?? "the system gave no reason"
      throw RecordingError(
        "the file of certificate authorities \(caFile) cannot be read: \(reason)")
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw RecordingError("the file of certificate authorities \(caFile) is a directory")
    }
  }

  /// The URL as it is sent.
  ///
  /// What is beyond ASCII in its path and query is percent-encoded as UTF-8 (RFC 3986, 2.1). The
  /// host is left to libcurl, which has a way of its own for it.
  var sentURL: String {
    let bytes = Array(url.utf8)
    let scheme = bytes.indices.first { bytes[$0...].starts(with: "://".utf8) }
    let authority = scheme.map { $0 + 3 } ?? 0
    let path = bytes[authority...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.count
    let digits = Array("0123456789ABCDEF".utf8)
    let encoded = bytes[path...].flatMap { byte in
      byte < 0x80
        ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    return String(decoding: bytes[..<path] + encoded, as: UTF8.self)
  }

  /// The fields that are sent: those given, and what the body says of itself.
  var sentHeaders: [HeaderField] {
    var sent = headers.filter { !$0.isNamed("content-length") && !$0.isNamed("transfer-encoding") }
    if options.decodesContent, sent.value(of: "accept-encoding") == nil {
      sent.append(HeaderField("accept-encoding", "identity"))
    }
    guard options.addsFields else { return sent }
    if sent.value(of: "content-type") == nil, looksLikeJSON {
      sent.append(HeaderField("content-type", "application/json"))
    }
    if sent.value(of: "user-agent") == nil {
      sent.append(HeaderField("user-agent", StreamRecorder.product))
    }
    return sent
  }

  /// Whether asking twice does no harm. (RFC 9110, 9.2.1)
  var isSafe: Bool { ["GET", "HEAD", "OPTIONS"].contains(method) }

  private var looksLikeJSON: Bool {
    let first = body.first { !" \t\r\n".utf8.contains($0) }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
  }
}
