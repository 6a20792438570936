internal import Judging
internal import LosslessJSON
internal import Matching
internal import Planning
internal import Synchronization

/// `/~/api/outcome`: a client says what it delivered of an answer, and whether that is all.
///
/// ```json
/// {"session":"t1","delivered":"Hello","outcome":"error","error":"the connection was reset"}
/// ```
///
/// The last word of a session counts.
struct OutcomePage: ControlPage {
  let name = "api/outcome"
  let methods = ["POST"]
  let state: DeckState

  /// The bytes that `delivered`, and each other string, may have.
  private static let textBytes = 1 << 20
  private static let wordBytes = 64 << 10

  private static let shape =
    #"{"session":"NAME","delivered":"TEXT","outcome":"complete|partial|error","error":"WHY","#
    + #""finish":"REASON"}"#

  func reply(to method: String, argument: String, query: ControlQuery) throws(DeckRefusal)
    -> DeckReply
  {
    let members = try Self.members(of: query.body)
    let session = try Self.session(members, query)
    let claim = try Self.text("outcome", of: members).flatMap(Delivered.Claim.init)
    guard let claim else {
      throw Self.refusal("'outcome' must be \"complete\", \"partial\" or \"error\"")
    }
    let delivered = Delivered(
      text: try Self.bytes("delivered", of: members, limit: Self.textBytes) ?? [], claim: claim,
      error: try Self.text("error", of: members), finish: try Self.text("finish", of: members))
    do throws(MatchingError) {
      try state.sessions.withLock { (sessions) throws(MatchingError) in
        try sessions.note(delivered, in: session)
      }
    } catch {
      throw DeckRefusal(error)
    }
    return DeckReply(status: 204)
  }

  private static func members(of body: [UInt8]) throws(DeckRefusal) -> [JSONValue.Member] {
    guard let value = try? JSONValue(parsing: body), case .object(let members) = value else {
      throw refusal("the body is no JSON object")
    }
    let keys = ["session", "delivered", "outcome", "error", "finish"]
    if let other = members.first(where: { member in !keys.contains { member.hasKey($0) } }) {
      throw refusal("'\(String(decoding: other.key.prefix(100), as: UTF8.self))' is no key of it")
    }
    return members
  }

  /// The session, which the URL may name too.
  private static func session(
    _ members: [JSONValue.Member], _ query: ControlQuery
  ) throws(DeckRefusal) -> String {
    if let named = try query.session() { return named }
    guard let session = try text("session", of: members) else {
      throw refusal("'session' is missing")
    }
    do {
      return try Directives.session(session)
    } catch {
      throw DeckRefusal(status: 400, error.description)
    }
  }

  private static func text(
    _ key: String, of members: [JSONValue.Member]
  ) throws(DeckRefusal) -> String? {
    try bytes(key, of: members, limit: wordBytes).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The bytes of a string, or nil where it is null or missing.
  private static func bytes(
    _ key: String, of members: [JSONValue.Member], limit: Int
  ) throws(DeckRefusal) -> [UInt8]? {
    switch members.first(where: { $0.hasKey(key) })?.value {
    case nil, .null: return nil
    case .string(let bytes):
      guard bytes.count <= limit else {
        throw DeckRefusal(
          status: 413,
          "'\(key)' has \(bytes.count) bytes, where \(limit) are the most: send a shorter text")
      }
      return bytes
    default: throw refusal("'\(key)' must be a string")
    }
  }

  private static func refusal(_ found: String) -> DeckRefusal {
    DeckRefusal(status: 400, "\(found): send \(shape)")
  }
}

extension Delivered {
  /// What a client said, as the page of its session shows it.
  func json(_ redacted: (String) -> String) -> JSONValue {
    .object([
      .init("delivered", .string(redacted(String(decoding: text, as: UTF8.self)))),
      .init("outcome", claim.map { .string($0.rawValue) } ?? .null),
      .init("error", error.map { .string(redacted($0)) } ?? .null),
      .init("finish", finish.map { .string(redacted($0)) } ?? .null),
    ])
  }
}
