internal import LosslessJSON

/// Adds a delta to what came before it, whatever its fields are, as the SDK's `accumulate_delta`
/// does.
///
/// Strings and numbers are added up, objects merged, lists of objects merged by their `index`, and
/// other lists joined; `index` and `type` are replaced. What does not fit stays as it was.
enum DeltaMerge {
  /// The most members of an object that more is added to: keys are looked for one after another.
  static let memberLimit = 1024

  /// How far from its end a list is searched for an entry that does not stand where its index says.
  static let searchLimit = 64

  /// Merges the members of a delta into those of an object.
  static func merge(
    _ delta: [JSONValue.Member], into object: inout [JSONValue.Member], log: inout MessageLog
  ) {
    for member in delta { merge(member, into: &object, log: &log) }
  }

  /// Merges one member of a delta into an object.
  static func merge(
    _ delta: JSONValue.Member, into object: inout [JSONValue.Member], log: inout MessageLog
  ) {
    guard object.count <= memberLimit else {
      log.note("there are more than \(memberLimit) keys in one object")
      return log.keep(.object([delta]), bytes: delta.key.count)
    }
    guard let place = object.place(of: delta.key) else {
      object.append(.init(key: delta.key, value: .null))
      return begin(&object[object.count - 1].value, with: delta.value, log: &log)
    }
    merge(delta, into: &object[place].value, log: &log)
  }

  private static func merge(
    _ delta: JSONValue.Member, into value: inout JSONValue, log: inout MessageLog
  ) {
    if case .null = value {
      begin(&value, with: delta.value, log: &log)
    } else if delta.hasKey("index") || delta.hasKey("type") {
      // The SDK takes a null as well, and then does not know the tool call for what it was.
      if delta.value.isNull { return log.notice("a type or an index became null") }
      value = delta.value
    } else {
      add(delta, to: &value, log: &log)
    }
  }

  /// Puts a first value where there was none.
  ///
  /// A list of indexed entries is merged even then: it can have two fragments of one entry.
  private static func begin(
    _ value: inout JSONValue, with delta: JSONValue, log: inout MessageLog
  ) {
    guard case .array(let entries) = delta, hasIndexed(entries) else {
      value = delta
      return
    }
    var list: [JSONValue] = []
    mergeIndexed(entries, into: &list, log: &log)
    value = .array(list)
  }

  private static func add(
    _ delta: JSONValue.Member, to value: inout JSONValue, log: inout MessageLog
  ) {
    // While `value` is bound by a pattern, changing it would copy it.
    switch delta.value {
    case .null: return
    case .string(let more): if value.append(string: more) { return }
    case .number, .bool:
      guard let sum = sum(value, delta.value) else { break }
      value = .number(sum)
      return
    case .object(let more):
      if value.withMembers({ merge(more, into: &$0, log: &log) }) != nil { return }
    case .array(let more):
      if value.withElements({ merge(more, into: &$0, log: &log) }) != nil { return }
    }
    log.note("`\(String(decoding: delta.key, as: UTF8.self))` has another type than before")
    log.keep(.object([delta]), bytes: delta.key.count)
  }
}

extension DeltaMerge {
  /// Lists of what is no object only ever get new entries at their end.
  private static func merge(
    _ delta: [JSONValue], into list: inout [JSONValue], log: inout MessageLog
  ) {
    let isPlain = list.isEmpty ? !hasIndexed(delta) : isScalar(list[0]) && isScalar(list.last)
    guard isPlain else { return mergeIndexed(delta, into: &list, log: &log) }
    list.append(contentsOf: delta)
  }

  private static func mergeIndexed(
    _ delta: [JSONValue], into list: inout [JSONValue], log: inout MessageLog
  ) {
    for entry in delta {
      guard let members = entry.members, let index = entry["index"]?.integer, index >= 0 else {
        log.note("an entry of a list has no index")
        list.append(entry)
        continue
      }
      guard let place = place(of: index, in: list, log: &log) else {
        list.append(entry)
        continue
      }
      if list[place].withMembers({ merge(members, into: &$0, log: &log) }) == nil {
        log.note("entry \(index) of a list is not an object")
        list.append(entry)
      }
    }
  }

  /// Where the entry of an index is; nil where it is yet to come.
  ///
  /// It stands where the index says, unless entries were left out or came out of order.
  private static func place(
    of index: Int, in list: [JSONValue], log: inout MessageLog
  ) -> Int? {
    if index == list.count, list.last?["index"]?.integer ?? -1 < index { return nil }
    if index < list.count, list[index]["index"]?.integer ?? index == index { return index }
    log.note("entry \(index) of a list is out of order")
    return list.indices.suffix(searchLimit).last { list[$0]["index"]?.integer == index }
  }

  private static func hasIndexed(_ entries: [JSONValue]) -> Bool {
    entries.contains { $0["index"] != nil }
  }

  private static func isScalar(_ value: JSONValue?) -> Bool {
    switch value {
    case .string?, .number?, .bool?: true
    default: false
    }
  }

  /// The sum of two numbers, or nil where one is none; Python takes true for 1 and false for 0.
  private static func sum(_ a: JSONValue, _ b: JSONValue) -> String? {
    if let a = integer(a), let b = integer(b) {
      let (sum, overflow) = a.addingReportingOverflow(b)
      if !overflow { return "\(sum)" }
    }
    guard let a = double(a), let b = double(b) else { return nil }
    // JSON has no number that is not finite.
    return (a + b).isFinite ? "\(a + b)" : "0"
  }

  private static func integer(_ value: JSONValue) -> Int? {
    if case .bool(let flag) = value { flag ? 1 : 0 } else { value.integer }
  }

  private static func double(_ value: JSONValue) -> Double? {
    if case .number(let text) = value { Double(text) } else { integer(value).map(Double.init) }
  }
}
