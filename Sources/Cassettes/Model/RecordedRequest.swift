public import HTTP
public import LosslessJSON

/// What was asked: the `q` line of an exchange.
public struct RecordedRequest: Hashable, Sendable {
  /// Whether the times of the exchange were measured or made up.
  public enum Timing: String, Sendable {
    /// Measured as the bytes arrived.
    case recorded
    /// Made up by an importer.
    case synthetic
  }

  /// The exchange's identity, 16 lower-case hexadecimal digits where the recorder made it.
  public var id: String

  /// When the request was made, in RFC 3339 with microseconds and `Z` where the recorder wrote it.
  public var at: String

  /// The program that recorded it, or "".
  public var by: String

  /// Whether the times were measured.
  public var timing: Timing

  /// The request method, a token.
  public var method: String

  /// What was asked upstream, or nil where only a path is known.
  public var url: String?

  /// What the client asked, in origin form, where it is not the path and query of `url`.
  public var path: String?

  /// The request's fields, in order.
  public var headers: [HeaderField]

  /// The request body, "" where there was none.
  public var body: [UInt8]

  /// The keys that this version does not know, kept on rewriting.
  public var extra: [JSONValue.Member]

  /// Creates a request from its parts.
  public init(
    id: String, at: String, by: String = "", timing: Timing = .recorded, method: String,
    url: String? = nil, path: String? = nil, headers: [HeaderField] = [], body: [UInt8] = [],
    extra: [JSONValue.Member] = []
  ) {
    self.id = id
    self.at = at
    self.by = by
    self.timing = timing
    self.method = method
    self.url = url
    self.path = path
    self.headers = headers
    self.body = body
    self.extra = extra
  }

  /// What matching compares: `path`, else the path and query of `url`, "/" at the least.
  public var target: String {
    if let path { return path }
    guard let url else { return "/" }
    let utf8 = url.utf8
    // After "://" the authority runs to the first "/" or "?"; a fragment is never sent.
    var start = utf8.startIndex
    if let colon = utf8.firstIndex(of: UInt8(ascii: ":")),
      utf8[colon...].starts(with: "://".utf8)
    {
      start = utf8.index(colon, offsetBy: 3)
    }
    let end = utf8[start...].firstIndex(of: UInt8(ascii: "#")) ?? utf8.endIndex
    guard
      let path = utf8[start..<end].firstIndex(where: {
        $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?")
      })
    else { return "/" }
    let target = String(url[path..<end])
    return target.utf8.first == UInt8(ascii: "?") ? "/" + target : target
  }
}
