internal import HTTP
internal import LosslessJSON
internal import Redaction

/// The names of what differs between any two recordings of one request.
package enum VolatileNames {
  /// Header fields of requests and answers, in lower case.
  private static let fields: Set<String> = [
    "age", "alt-svc", "cf-cache-status", "cf-ray", "content-length", "date", "etag", "expires",
    "host", "idempotency-key", "keep-alive", "last-modified", "nel", "openai-processing-ms",
    "report-to", "request-id", "sentry-trace", "baggage", "server-timing", "set-cookie",
    "traceparent", "tracestate", "user-agent", "via", "x-amzn-requestid", "x-amzn-trace-id",
    "x-client-request-id", "x-cloud-trace-context", "x-cache", "x-correlation-id",
    "x-envoy-upstream-service-time", "x-request-id", "x-runtime", "x-served-by", "x-timer",
    "accept-encoding", "connection", "transfer-encoding", "content-encoding", "cookie",
    "anthropic-organization-id", "openai-organization", "openai-project", "x-robots-tag",
    "strict-transport-security", "retry-after", "retry-after-ms",
  ]

  /// What such a field's name holds.
  private static let partsOfFields = ["ratelimit", "request-id", "trace-id", "x-stainless-"]

  /// Keys of JSON objects, in lower case without `_`.
  private static let keys: Set<String> = [
    "id", "created", "createdat", "completedat", "createtime", "requestid", "responseid",
    "systemfingerprint", "callid", "itemid", "toolcallid", "traceid", "obfuscation", "signature",
    "thoughtsignature", "encryptedcontent", "processingms", "timestamp", "totalduration",
    "loadduration", "promptevalduration", "evalduration", "expiresat", "xgroq", "queuetime",
    "prompttime", "completiontime", "totaltime",
  ]

  /// Whether a header field is one: what belongs to a connection and what authenticates too.
  static func hasField(_ name: String) -> Bool {
    let name = name.lowercased()
    return fields.contains(name) || partsOfFields.contains { name.contains($0) }
      || Redactor.redacts(fieldNamed: name)
  }

  /// Whether a key is one.
  package static func hasKey(_ key: [UInt8]) -> Bool {
    guard key.count <= 40 else { return false }
    let name = String(decoding: key, as: UTF8.self).lowercased()
    return keys.contains(name.filter { $0 != "_" })
  }

  /// Whether a key holds padding, which comes with some events and not with others.
  static func isPadding(_ key: [UInt8]) -> Bool {
    key.elementsEqual("obfuscation".utf8) || key.elementsEqual("p".utf8)
  }

  /// A value without the members of such keys.
  static func removed(from value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): .array(elements.map(removed))
    case .object(let members):
      .object(
        members.compactMap { member in
          hasKey(member.key) ? nil : .init(key: member.key, value: removed(from: member.value))
        })
    default: value
    }
  }
}
