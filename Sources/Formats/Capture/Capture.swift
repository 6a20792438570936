package import Cassettes
package import HTTP

/// One exchange as a file of another format has it: what the format says and nothing else.
///
/// A reader fills in what it finds. What all imports have in common is `CaptureFinisher`'s: content
/// codings, framing, made-up times, identity, redaction.
package struct Capture: Sendable {
  /// What was asked.
  package struct Request: Sendable {
    /// The method, or nil where the file does not say it.
    package var method: String?
    /// What was asked for, as the file has it: an absolute URL, a path, or a text with
    /// placeholders; nil where the file does not say it.
    package var url: String?
    /// The fields, in order.
    package var headers: [HeaderField]
    /// The body, with its transfer framing undone.
    package var body: [UInt8]

    /// Creates a request of which each part may be unknown.
    package init(
      method: String? = nil, url: String? = nil, headers: [HeaderField] = [], body: [UInt8] = []
    ) {
      self.method = method
      self.url = url
      self.headers = headers
      self.body = body
    }
  }

  /// What is known of when the answer came, from when the request had been sent whole.
  package enum Times: Hashable, Sendable {
    /// Nothing: a pace makes them.
    case unknown
    /// When the head was there and when the body ended; between them nothing is known.
    case span(head: Microseconds, end: Microseconds)
    /// When each piece of the body came: `Chunk.end` counts bytes of `body` as it stands here.
    case arrivals([Chunk], head: Microseconds, end: Microseconds)
    /// Where the pieces of the body end; when they came is not known.
    case cuts([Int])
  }

  /// What was asked.
  package var request: Request
  /// The status, or nil where no head came.
  package var status: Int?
  /// The version of HTTP of the answer, `1.0`, `1.1` or `2`; nil where the file does not say it.
  package var http: String?
  /// The fields of the answer, in order.
  package var headers: [HeaderField]
  /// The body with its transfer framing undone; its content coding may be undone too, or not.
  package var body: [UInt8]
  /// The trailer fields.
  package var trailers: [HeaderField]
  /// When the answer came.
  package var times: Times
  /// Whether the times or the bytes were made up by whoever wrote the file, or by the reader.
  package var isMadeUp: Bool
  /// How the body was framed, or nil where the file does not show it and the fields decide.
  package var framing: ResponseHead.Framing?
  /// How it ended; `complete` where the file says nothing.
  package var ending: Ending.How
  /// What the file says of the end, in words.
  package var endingDetail: String?
  /// How far a request got that was not answered; nil where the file does not say it.
  package var endingStage: Ending.Stage?
  /// The result code of libcurl that the file names, or nil.
  package var curlCode: Int?
  /// When the request was made, in microseconds since 1970, or nil.
  package var at: Int64?
  /// The exchange itself, where the file has all of it; then nothing else here counts but `losses`
  /// and `line`.
  package var whole: Exchange?
  /// What of the file the exchange does not hold, each as a clause: "the body was written anew".
  package var losses: [String]
  /// The line of the file on which it begins; 0 where that says nothing.
  package var line: Int

  /// Creates a capture of a request, with an empty answer.
  package init(_ request: Request = .init(), line: Int = 0) {
    self.request = request
    self.line = line
    status = nil
    http = nil
    headers = []
    body = []
    trailers = []
    times = .unknown
    isMadeUp = false
    framing = nil
    ending = .complete
    endingDetail = nil
    endingStage = nil
    curlCode = nil
    at = nil
    whole = nil
    losses = []
  }
}
