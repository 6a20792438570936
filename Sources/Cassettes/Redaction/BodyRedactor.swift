/// Redacts a body while it grows, however it was cut into chunks.
///
/// What comes out, when the last call has been made, is what `Redaction.redact(body:)` makes of the
/// whole.
public struct BodyRedactor: Sendable {
  /// How many bytes behind those that are settled it may look back at.
  static let lookbackBytes = 512

  private var search = SecretSearch()
  private var custom: CustomRedactor?

  /// Creates a redactor for a body of which nothing has come yet.
  public init(rules: RedactionRules = .standard) {
    custom = rules.isStandardForBodies ? nil : CustomRedactor(rules)
  }

  /// Redacts, in place, what is new in a body since the last call.
  ///
  /// - Parameters:
  ///   - body: All that has come so far, with the changes of the earlier calls.
  ///   - isFinal: Whether this is all: then nothing is withheld.
  /// - Returns: How many leading bytes are settled and may be written down. At most 4 KiB are not:
  ///   those that may begin a secret. With JSON pointers that is the event that is not whole, and
  ///   all of a body that is JSON.
  public mutating func redact(_ body: inout [UInt8], isFinal: Bool) -> Int {
    if let settled = custom?.redact(&body, isFinal: isFinal) { return settled }
    while let found = search.next(in: body, isFinal: isFinal) {
      Cover(range: found.range, isNumber: found.isNumber).apply(to: &body, within: body.indices)
    }
    return search.position
  }

  /// Goes on with a body of which the first bytes are gone.
  ///
  /// - Parameter count: How many: all that are settled but for `lookbackBytes` at the most.
  mutating func forget(_ count: Int) {
    search.forget(count)
    custom?.forget(count)
  }
}
