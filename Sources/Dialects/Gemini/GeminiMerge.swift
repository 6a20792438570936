internal import LosslessJSON

/// How the chunks of one stream become one response: what Google's SDK does when it merges
/// responses, as far as that is right within a stream.
///
/// Objects are merged field by field, lists joined, safety ratings kept by their category, and
/// anything else takes the place of what was there. A null says nothing. What counts tokens is a
/// running total in a stream, so it is replaced and never summed.
enum GeminiMerge {
  /// The most members of an object that merging adds to, and the most categories of ratings that it
  /// tells apart, so that no stream makes it slow.
  static let memberLimit = 256

  /// Merges the members of an object into those that were there.
  static func merge(
    _ new: [JSONValue.Member], into old: inout [JSONValue.Member], _ log: inout MessageLog
  ) {
    for member in new { merge(member, into: &old, &log) }
  }

  /// Merges one member of an object into those that were there.
  static func merge(
    _ new: JSONValue.Member, into old: inout [JSONValue.Member], _ log: inout MessageLog
  ) {
    if new.value.isNull { return }
    if let place = old.firstIndex(where: { $0.key == new.key }) {
      merge(new.value, under: new.key, into: &old[place].value, &log)
    } else if old.count < memberLimit {
      old.append(withoutNulls(new))
    } else {
      log.note("an object has too many members to be added to another")
    }
  }

  private static func merge(
    _ new: JSONValue, under key: [UInt8], into old: inout JSONValue, _ log: inout MessageLog
  ) {
    var merged: Void?
    switch new {
    case .object(let members):
      merged = old.withMembers { old in
        if old.count > memberLimit {
          log.note("an object has too many members to be merged")
        } else {
          merge(members, into: &old, &log)
        }
      }
    case .array(let elements):
      merged = old.withElements { old in
        if key == GeminiKey.safetyRatings {
          rate(elements, into: &old)
        } else {
          old += elements.lazy.map { withoutNulls($0) }
        }
      }
    case .number(let number) where key == GeminiKey.logProbabilitySum:
      if case .number(let before) = old, let sum = sum(before, number) { old = .number(sum) }
      return
    default: break
    }
    if merged == nil { old = withoutNulls(new, under: key) }
  }

  /// Puts each rating in the place of the one of its category.
  private static func rate(_ ratings: [JSONValue], into old: inout [JSONValue]) {
    for rating in ratings {
      let category = value(of: GeminiKey.category, in: rating)
      let place = old.prefix(memberLimit).firstIndex {
        value(of: GeminiKey.category, in: $0) == category
      }
      if let place { old[place] = rating } else { old.append(rating) }
    }
  }

  /// The sum of two numbers as they were written, or nil where it has none.
  private static func sum(_ a: String, _ b: String) -> String? {
    if let a = Int(a), let b = Int(b) {
      let (sum, overflow) = a.addingReportingOverflow(b)
      if !overflow { return String(sum) }
    }
    guard let a = Double(a), let b = Double(b), (a + b).isFinite else { return nil }
    return String(a + b)
  }

  /// The value of the first member of that key.
  static func value(of key: [UInt8], in object: JSONValue) -> JSONValue? {
    guard case .object(let members) = object else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The same without members that are null, but for those of a user's own JSON.
  static func withoutNulls(_ value: JSONValue, under key: [UInt8] = []) -> JSONValue {
    guard hasNull(value, under: key) else { return value }
    switch value {
    case .array(let elements): return .array(elements.map { withoutNulls($0) })
    case .object(let members):
      return .object(
        members.filter { !$0.value.isNull }.map { withoutNulls($0) })
    default: return value
    }
  }

  /// The same for a member of an object.
  static func withoutNulls(_ member: JSONValue.Member) -> JSONValue.Member {
    JSONValue.Member(key: member.key, value: withoutNulls(member.value, under: member.key))
  }

  private static func hasNull(_ value: JSONValue, under key: [UInt8] = []) -> Bool {
    switch value {
    case .array(let elements): elements.contains { hasNull($0) }
    case .object(let members):
      !GeminiKey.isFreeForm(key)
        && members.contains { $0.value.isNull || hasNull($0.value, under: $0.key) }
    default: false
    }
  }
}
