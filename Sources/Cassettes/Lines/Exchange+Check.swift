internal import LosslessJSON

extension Exchange {
  /// Refuses an exchange whose lines no reader would take back.
  func check() throws(CassetteError) {
    try request.check()
    try head?.check()
    try trailers?.fields.check()
    try ending.check(hasHead: head != nil)
    guard head != nil || (chunks.isEmpty && body.isEmpty && trailers == nil) else {
      throw CassetteError(.badData, "the exchange has a body or trailers but no response head")
    }
    var end = 0
    for chunk in chunks {
      guard chunk.end >= end else {
        throw CassetteError(.badData, "the chunks of the exchange are not in order")
      }
      end = chunk.end
    }
    guard end == body.count else {
      throw CassetteError(.badData, "the chunks of the exchange do not make up its body")
    }
    for aside in asides where LineCode(rawValue: aside.code) != nil {
      throw CassetteError(.badData, "an aside cannot have the code '\(aside.code)'")
    }
    try Self.check(request.extra, unlike: RecordedRequest.knownKeys)
    try Self.check(head?.extra ?? [], unlike: ResponseHead.knownKeys)
    try Self.check(ending.extra, unlike: Ending.knownKeys)
  }

  private static func check(
    _ extra: [JSONValue.Member], unlike known: Set<String>
  ) throws(CassetteError) {
    for member in extra {
      let key = String(decoding: member.key, as: UTF8.self)
      guard !known.contains(key) else {
        throw CassetteError(.badData, "the extra key '\(key)' has a place of its own")
      }
    }
  }
}

extension [Exchange] {
  /// The exchanges in the order in which they were recorded: by `at`, then by place.
  package var inRecordedOrder: [Exchange] {
    let times = map { Timestamp.microseconds(rfc3339: $0.request.at) ?? 0 }
    return indices.sorted { (times[$0], $0) < (times[$1], $1) }.map { self[$0] }
  }
}

/// The codes of the lines that make up an exchange; all others are asides.
enum LineCode: String {
  case request = "q"
  case head = "h"
  case text = "d"
  case bytes = "b"
  case trailers = "t"
  case ending = "e"
}
