public import Redaction

/// How a request is made, and when a recording is given up.
public struct RecordingOptions: Hashable, Sendable {
  /// A file of certificate authorities to trust in place of the system's, in PEM, or nil.
  public var caFile: String?

  /// Whether a server's certificate is taken unverified.
  public var insecure: Bool

  /// Whether redirects are followed, ten at most; the last answer is recorded.
  ///
  /// At another origin than was asked, no field goes along that `redaction` knows to authenticate.
  public var followRedirects: Bool

  /// What authenticates, beside what is always known to.
  public var redaction: RedactionRules = .standard

  /// Whether HTTP/2 is offered over TLS.
  public var http2: Bool

  /// Whether a connection is used for several requests, and HTTP/2 for several at once; false
  /// unless told otherwise.
  ///
  /// Where a connection that was used before is lost and no byte of an answer has come, a GET, HEAD
  /// or OPTIONS is sent again over a new one. Any other request may have been read, and is never
  /// sent again.
  public var reusesConnections: Bool

  /// How long a connection may have been idle that takes a request which is never sent again; 1 s
  /// unless told otherwise, in whole seconds.
  ///
  /// Where a server closes it just then, the request is lost.
  package var idleReuse = Duration.seconds(1)

  /// Whether a content coding is undone; true unless told otherwise.
  ///
  /// If not, the body's bytes are those of the wire, and `accept-encoding` is sent as it is given.
  public var decodesContent: Bool

  /// Whether `accept`, `user-agent` and, for JSON, `content-type` are sent where none is given;
  /// true unless told otherwise.
  public var addsFields: Bool

  /// How long it may take to resolve the name, connect and shake hands; 30 s unless told otherwise.
  public var connectTimeout: Duration

  /// How long after the last byte of the request the head may take; 10 min unless told otherwise.
  public var firstByteTimeout: Duration

  /// How long nothing may come once there is a head; 10 min unless told otherwise.
  public var idleTimeout: Duration

  /// How long the whole recording may take, or nil.
  public var maxTime: Duration?

  /// The bytes of body that are recorded at most, after decoding; 64 MiB unless told otherwise.
  public var maxBytes: Int

  /// The arrivals that are recorded at most; 1,000,000 unless told otherwise.
  public var maxChunks: Int

  /// Creates options; each has its default.
  public init(
    caFile: String? = nil, insecure: Bool = false, followRedirects: Bool = false,
    http2: Bool = true, reusesConnections: Bool = false, decodesContent: Bool = true,
    addsFields: Bool = true, connectTimeout: Duration = .seconds(30),
    firstByteTimeout: Duration = .seconds(600), idleTimeout: Duration = .seconds(600),
    maxTime: Duration? = nil, maxBytes: Int = 64 << 20, maxChunks: Int = 1_000_000
  ) {
    self.caFile = caFile
    self.insecure = insecure
    self.followRedirects = followRedirects
    self.http2 = http2
    self.reusesConnections = reusesConnections
    self.decodesContent = decodesContent
    self.addsFields = addsFields
    self.connectTimeout = connectTimeout
    self.firstByteTimeout = firstByteTimeout
    self.idleTimeout = idleTimeout
    self.maxTime = maxTime
    self.maxBytes = maxBytes
    self.maxChunks = maxChunks
  }
}

/// How much of a body is still recorded: the limits that `RecordingOptions` set.
package struct BodyRoom: Sendable {
  private let maxBytes: Int
  private let maxChunks: Int
  private var bytes = 0
  private var chunks = 0

  /// Creates the room of a body of which nothing has come.
  package init(_ options: RecordingOptions) {
    maxBytes = options.maxBytes
    maxChunks = options.maxChunks
  }

  /// The limit of bytes, as its flag is written.
  package var bytesLimit: String { "--max-bytes \(maxBytes)" }

  /// Takes as much of an arrival as there is room for.
  ///
  /// - Parameter arrival: What came.
  /// - Returns: What is recorded of it, and the limit that kept the rest out, as its flag is
  ///   written.
  package mutating func take(_ arrival: [UInt8]) -> (taken: [UInt8], limit: String?) {
    guard chunks < maxChunks else { return ([], "--max-chunks \(maxChunks)") }
    let room = max(0, maxBytes - bytes)
    let taken = arrival.count <= room ? arrival : Array(arrival.prefix(room))
    bytes += taken.count
    if !taken.isEmpty { chunks += 1 }
    return (taken, arrival.count <= room ? nil : bytesLimit)
  }
}
