public import LosslessJSON

/// An answer that says what went wrong, as an API would say it.
public struct ErrorReply: Hashable, Sendable {
  /// One header of the answer.
  public struct Header: Hashable, Sendable {
    /// The field name, in lower case.
    public var name: String

    /// The field value.
    public var value: String

    /// How long after the answer the time lies that the value names; nil where it names none.
    package var lead: Duration?

    /// Creates a header.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }

    /// Creates a header whose value is a time.
    init(_ name: String, _ value: String, lead: Duration) {
      self.init(name, value)
      self.lead = lead
    }
  }

  /// The HTTP status.
  public var status: Int

  /// The headers, `content-type` among them, but not those of the framing.
  public var headers: [Header]

  /// The body: compact JSON.
  public var body: [UInt8]

  /// The request id that answers carry which no API made.
  public static let requestID = "req_tapedeck"

  /// Creates an answer with a JSON body.
  public init(status: Int, headers: [Header] = [], body: JSONValue) {
    self.status = status
    self.headers = [Header("content-type", "application/json")] + headers
    self.body = body.bytes
  }
}
