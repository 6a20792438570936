internal import EventStream
internal import JSON

/// A response that is put together from events, as the SDK's `ResponseStreamState` does.
///
/// The event that ends a response carries all of it. Until then the response is what the first event
/// said of it, with the output items as they came, delta by delta. An item that is done takes the place
/// of what its deltas gave.
struct OpenAIResponsesState: MessageState {
  /// How a response ended.
  enum Ending: String, Hashable, Sendable {
    case completed
    case incomplete
    case failed
  }

  /// The response so far; null before the first event.
  private var response = JSONValue.null

  /// Whether there is a response.
  ///
  /// To ask the value itself can make a copy that outlives the question, and then all of it is copied
  /// before it is changed.
  private var hasBegun = false

  /// The items of the output: which stands where, and which are done.
  private var items = ResponsesItems()

  private var ending: Ending?

  /// What an error said that the SDK raises; nothing is added behind it.
  private var failure: String?

  /// What an error event said that the SDK only hands on.
  private var complaint: String?
  private var isDone = false

  /// The `sequence_number` of the last event that had one.
  private var sequence: Int?

  mutating func take(_ event: ServerSentEvent, log: inout MessageLog) -> [UInt8] {
    if OpenAIChatState.isDone(event) {
      isDone = true
      return []
    }
    guard !isDone else {
      log.note("it comes behind [DONE]")
      return []
    }
    guard let data = log.object(of: event) else { return [] }
    if ending == nil { count(data, log: &log) }
    if let text = OpenAIErrors.failure(in: data.value(of: "error")) ?? Self.words(of: data) {
      failure = failure ?? text
      return []
    }
    guard let type = data.value(of: "type")?.text, let kind = ResponsesEvent(type: type) else {
      log.keep(data, bytes: event.data.utf8.count)
      return []
    }
    guard kind != .ignored else { return [] }
    guard ending == nil, failure == nil else {
      // An API that has raised an error still says that the response has failed.
      if failure == nil || kind != .ending(.failed) { log.note("it comes behind the end") }
      return []
    }
    if kind == .audio { log.keep(data, bytes: event.data.utf8.count) }
    return take(data, as: kind, log: &log)
  }

  /// What an error object says that stands in place of an event.
  private static func words(of data: JSONValue) -> String? {
    data.has("object", "error") ? OpenAIErrors.text(of: data) : nil
  }

  /// Compares the number of an event with that of the one before: they go up by one, so that a client
  /// notices what it has not got, or has got twice.
  private mutating func count(_ data: JSONValue, log: inout MessageLog) {
    guard let number = data.value(of: "sequence_number")?.integer else { return }
    defer { sequence = number }
    guard let sequence, number != sequence &+ 1, !data.has("type", "error") else { return }
    log.note(
      number > sequence
        ? "its sequence_number is \(number) behind \(sequence): events are missing between them"
        : "its sequence_number is \(number) behind \(sequence): it comes again, or too late")
  }

  private mutating func take(
    _ data: JSONValue, as kind: ResponsesEvent, log: inout MessageLog
  ) -> [UInt8] {
    switch kind {
    case .error:
      complaint = OpenAIErrors.text(
        of: .object((data.members ?? []).filter { !$0.hasKey("type") }))
    case .lifecycle: begin(data, log: &log)
    case .ending(let ending): end(data, ending, log: &log)
    case .itemAdded: add(data, log: &log)
    case .itemDone: finish(data, log: &log)
    case .ignored, .audio: break
    default:
      open(&log)
      return items.change(&response, data, kind, log: &log)
    }
    return []
  }

  var message: JSONValue? {
    guard hasBegun else { return nil }
    guard !items.isInOrder, ending == nil else { return response }
    var message = response
    message.set("output", to: .array(items.sorted(response["output"]?.elements ?? [])))
    return message
  }

  var stopReason: String? {
    switch ending {
    case .completed?: response["status"]?.text ?? "completed"
    case .incomplete?: response["incomplete_details"]?["reason"]?.text ?? "incomplete"
    case .failed?: "failed"
    case nil: nil
    }
  }

  var usage: JSONValue? { response["usage"].flatMap { $0.isNull ? nil : $0 } }

  /// Whole is what the API itself has ended, be it for want of tokens, but not what failed.
  var completeness: Completeness {
    if let failure { return .incomplete("an error came: \(failure)") }
    switch ending {
    case .completed?, .incomplete?: return .complete
    case .failed?:
      let error = response["error"].flatMap { $0.isNull ? nil : OpenAIErrors.text(of: $0) }
      return .incomplete("the response failed: \(error ?? complaint ?? "no reason")")
    case nil: break
    }
    if let complaint { return .incomplete("an error came: \(complaint)") }
    return .incomplete(!hasBegun ? "no response came" : "no response.completed came")
  }
}

extension OpenAIResponsesState {
  private static let lacks = "lacks what was streamed"

  /// What is wrong with the output of a response that ended, beside the items that were streamed.
  private static func contradiction(_ output: [JSONValue], _ streamed: [JSONValue]) -> String? {
    let kinds: Set<MessagePart.Kind> = [.text, .refusal, .toolCall]
    func said(_ items: [JSONValue]) -> [MessagePart] {
      items.flatMap { parts(of: $0) }.filter { kinds.contains($0.kind) && !$0.bytes.isEmpty }
    }
    let (before, after) = (said(streamed), said(output))
    if before.isEmpty || before == after { return nil }
    // A part that is there, and says more or something else, is the API's last word.
    return after.count < before.count && after.allSatisfy(before.contains)
      ? lacks : "says something else than what was streamed"
  }

  /// Makes a response where the event that begins it did not come.
  private mutating func open(_ log: inout MessageLog) {
    guard !hasBegun else { return }
    hasBegun = true
    log.note("no response.created came before it")
    response = .object([.init("output", .array([]))])
  }

  /// Whether an event tells of the response that there is.
  private func isSame(_ other: JSONValue, log: inout MessageLog) -> Bool {
    guard hasBegun, other["id"] ?? .null != response["id"] ?? .null else { return true }
    log.note("it is of another response")
    return false
  }

  private mutating func begin(_ data: JSONValue, log: inout MessageLog) {
    guard let new = data["response"], new.members != nil else {
      return log.note("it has no response")
    }
    guard !hasBegun else {
      // Its items may be newer; the rest of it, the SDK leaves until the end.
      if isSame(new, log: &log) { items.replaceDone(in: &response, by: new["output"]) }
      return
    }
    if data["type"]?.text != "response.created" { log.note("no response.created came before it") }
    hasBegun = true
    response = new
    if new["output"]?.elements == nil {
      if !(new["output"]?.isNull ?? true) { log.note("its output is no list") }
      response.set("output", to: .array([]))
    }
    items = ResponsesItems(count: response["output"]?.elements?.count ?? 0)
  }

  private mutating func add(_ data: JSONValue, log: inout MessageLog) {
    open(&log)
    guard let item = data["item"], !item.isNull else { return }
    guard let index = data["output_index"]?.integer else {
      log.note("it has no output_index")
      return log.keep(data, bytes: data.bytes.count)
    }
    guard items.place(of: index) == nil else {
      return log.note("output item \(index) began before")
    }
    items.append(item, at: index, to: &response)
  }

  private mutating func finish(_ data: JSONValue, log: inout MessageLog) {
    open(&log)
    guard let item = data["item"], item.members != nil else { return log.note("it has no item") }
    guard let index = data["output_index"]?.integer else {
      log.note("it has no output_index")
      return log.keep(data, bytes: data.bytes.count)
    }
    items.finish(item, at: index, in: &response, log: &log)
  }

  /// Takes the response as it ended; where it says nothing of the output, that is what the items are.
  private mutating func end(_ data: JSONValue, _ ending: Ending, log: inout MessageLog) {
    guard var final = data["response"], final.members != nil else {
      return log.note("it has no response")
    }
    if !hasBegun { log.note("no response.created came before it") }
    _ = isSame(final, log: &log)
    let output = response["output"]?.elements ?? []
    if ending == .completed { items.noteUnfinished(output, final["output"], log: &log) }
    let streamed = items.sorted(output)
    if final["output"]?.isNull ?? true {
      final.set("output", to: .array(streamed))
    } else if ending != .failed,
      let flaw = Self.contradiction(final["output"]?.elements ?? [], streamed)
    {
      log.note("its output \(flaw)")
      // Who reads the deltas has the text: that is what the model said.
      if flaw == Self.lacks { final.set("output", to: .array(streamed)) }
    }
    hasBegun = true
    response = final
    self.ending = ending
  }
}
