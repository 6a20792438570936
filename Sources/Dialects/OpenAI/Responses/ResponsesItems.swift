internal import LosslessJSON

/// The items in the output of a response: where each stands, and which are done.
///
/// They are in the order in which they came; the indices that events tell need not be.
struct ResponsesItems: Sendable {
  /// What tells items apart where they have no index, as the SDK does it.
  private struct Identity: Hashable {
    var type: JSONValue?
    var id: JSONValue?
    var call: JSONValue?

    /// Calls of a function have an id only where the response is stored.
    private static let withoutID: Set<String> = [
      "function_call", "custom_tool_call", "shell_call", "shell_call_output",
    ]

    init(_ item: JSONValue) {
      type = item["type"]
      id = Self.withoutID.contains(item["type"]?.text ?? "") ? .null : item["id"] ?? .null
      call = item["call_id"] ?? .null
    }
  }

  private var places: [Int: Int] = [:]

  /// The index of the item at each place.
  private var indices: [Int] = []
  private var donePlaces: [Identity: Int] = [:]
  private var isDone: [Bool] = []

  /// Whether the items stand by their indices.
  private(set) var isInOrder = true

  /// Creates the items of an output that has some from the start.
  init(count: Int = 0) {
    for place in 0..<count { note(place) }
  }

  /// Where the item of an index stands.
  func place(of index: Int) -> Int? { places[index] }

  private mutating func note(_ index: Int) {
    if let last = indices.last, last > index { isInOrder = false }
    places[index] = indices.count
    indices.append(index)
    isDone.append(false)
  }

  /// Adds an item behind the others.
  mutating func append(_ item: JSONValue, at index: Int, to response: inout JSONValue) {
    note(index)
    response.update("output") { output in
      if output.elements == nil { output = .array([]) }
      _ = output.withElements { $0.append(item) }
    }
  }

  /// Puts the item that is done in the place of what its deltas gave.
  mutating func finish(
    _ item: JSONValue, at index: Int, in response: inout JSONValue, log: inout MessageLog
  ) {
    let identity = Identity(item)
    if let place = places[index] {
      let before = response["output"]?.elements?[place] ?? .null
      if Identity(before) != identity || !Self.hasCompatibleID(before, item) {
        log.note("output item \(index) was a different item before")
      }
      if isDone[place] { donePlaces[Identity(before)] = nil }
      Self.set(item, at: place, in: &response)
    } else {
      log.note("output item \(index) never began")
      append(item, at: index, to: &response)
    }
    guard let place = places[index] else { return }
    isDone[place] = true
    if let other = donePlaces[identity], other != place {
      log.note("output item \(indices[other]) is the same item")
    }
    donePlaces[identity] = place
  }

  private static func hasCompatibleID(_ before: JSONValue, _ item: JSONValue) -> Bool {
    let (old, new) = (before["id"] ?? .null, item["id"] ?? .null)
    return old == new
      || old.isNull && ["function_call", "custom_tool_call"].contains(before["type"]?.text)
  }

  /// Replaces items that are done by those that a later event of the whole response has.
  func replaceDone(in response: inout JSONValue, by output: JSONValue?) {
    for item in output?.elements ?? [] {
      if let place = donePlaces[Identity(item)] { Self.set(item, at: place, in: &response) }
    }
  }

  /// Says which items never got done, and are not in the output of the response that completed.
  func noteUnfinished(_ output: [JSONValue], _ final: JSONValue?, log: inout MessageLog) {
    guard isDone.contains(false) else { return }
    let finals = Set((final?.elements ?? []).map { Identity($0) })
    for (place, item) in output.enumerated() where !isDone[place] {
      if !finals.contains(Identity(item)) {
        log.note("output item \(indices[place]) is not done")
      }
    }
  }

  /// The items by their indices.
  func sorted(_ output: [JSONValue]) -> [JSONValue] {
    guard !isInOrder, output.count == indices.count else { return output }
    return output.indices.sorted { indices[$0] < indices[$1] }.map { output[$0] }
  }

  private static func set(_ item: JSONValue, at place: Int, in response: inout JSONValue) {
    _ = response.update("output") { $0.withElements { $0[place] = item } }
  }
}
