internal import EventStream
internal import LosslessJSON

/// A response that is put together from events, as the SDK's `ResponseStreamState` does.
///
/// The event that ends a response carries all of it. Until then the response is what the first
/// event said of it, with the output items as they came, delta by delta. An item that is done takes
/// the place of what its deltas gave.
struct OpenAIResponsesState: MessageState, ErrorTelling {
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
  /// To ask the value itself can make a copy that outlives the question, and then all of it is
  /// copied before it is changed.
  private var hasBegun = false

  /// The items of the output: which stands where, and which are done.
  private var items = ResponsesItems()

  private var ending: Ending?

  /// The items that were streamed of a response that failed and has lost them.
  private(set) var lost: [JSONValue]?

  /// What an error said that the SDK raises; nothing is added behind it.
  private var failure: String?

  /// What an error event said that the SDK only hands on.
  private var complaint: String?
  private var isDone = false

  /// How the events are numbered.
  private var sequence = ResponsesSequence()

  mutating func take(_ event: ServerSentEvent, log: inout MessageLog) -> [UInt8] {
    if OpenAIChatState.isDone(event) {
      isDone = true
      return []
    }
    guard !isDone else {
      log.note("it comes after [DONE]")
      return []
    }
    let data: JSONValue
    switch log.data(of: event) {
    case .object(let object)?: data = object
    case .failure(let words)?:
      failure = failure ?? words
      return []
    case nil: return []
    }
    if ending == nil { sequence.take(data, log: &log) }
    if let text = Self.failure(in: data, of: event) {
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
      if failure == nil || kind != .ending(.failed) { log.note("it comes after the end") }
      return []
    }
    if kind == .audio { log.keep(data, bytes: event.data.utf8.count) }
    return take(data, as: kind, log: &log)
  }

  /// What an error says that the SDK raises, or that stands in place of an event.
  private static func failure(in data: JSONValue, of event: ServerSentEvent) -> String? {
    if let words = ErrorWords.failure(in: data.value(of: "error")) { return words }
    if data.has("object", "error") { return ErrorWords.text(of: data) }
    guard data.value(of: "type").flatMap({ ResponsesEvent(type: $0.text ?? "") }) == nil else {
      return nil
    }
    return event.isError ? ErrorWords.inErrorEvent(event) : ErrorWords.bare(data)
  }

  private mutating func take(
    _ data: JSONValue, as kind: ResponsesEvent, log: inout MessageLog
  ) -> [UInt8] {
    switch kind {
    case .error:
      complaint = ErrorWords.text(
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

  /// An event that failed the response, or, where nothing ended it, one that complained.
  var reportedError: String? {
    if let failure { return failure }
    guard let ending else { return complaint }
    guard ending == .failed else { return nil }
    return ErrorWords.failure(in: response["error"]) ?? complaint ?? "no reason"
  }

  /// Whole is what the API itself has ended, be it for want of tokens, but not what failed.
  var completeness: Completeness {
    if let failure { return .incomplete("an error came: \(failure)") }
    if let ending {
      let status = response["status"]?.text
      let silence = ending == .failed ? "no reason" : "its status is \(status ?? "missing")"
      let error = ErrorWords.failure(in: response["error"])
      let hasFailed = ["failed", "cancelled"].contains(status)
      guard ending == .failed || hasFailed || error != nil else { return .complete }
      return .incomplete("the response failed: \(error ?? complaint ?? silence)")
    }
    if let complaint { return .incomplete("an error came: \(complaint)") }
    return .incomplete(!hasBegun ? "no response came" : "no response.completed came")
  }
}

extension OpenAIResponsesState {
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
    log.note("it belongs to another response")
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
      if !(new["output"]?.isNull ?? true) { log.note("its output is not a list") }
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
      return log.note("output item \(index) began already")
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

  /// Takes the response as it ended; where it says nothing of the output, that is what the items
  /// are.
  private mutating func end(_ data: JSONValue, _ ending: Ending, log: inout MessageLog) {
    guard var final = data["response"], final.members != nil else {
      return log.note("it has no response")
    }
    if !hasBegun { log.note("no response.created came before it") }
    _ = isSame(final, log: &log)
    if let status = final["status"]?.text, status != ending.rawValue {
      log.notice("it is response.\(ending.rawValue), and the status in it is \(status)")
    }
    let output = response["output"]?.elements ?? []
    if ending == .completed { items.noteUnfinished(output, final["output"], log: &log) }
    let streamed = items.sorted(output)
    if final["output"]?.isNull ?? true {
      if ending != .failed, !Self.said(streamed).isEmpty {
        log.note("it has no output though items were streamed: SDKs that read its text raise")
      }
      final.set("output", to: .array(streamed))
    } else if let flaw = Self.contradiction(final["output"]?.elements ?? [], streamed) {
      if ending != .failed { log.note("its output \(flaw)") }
      // Who reads the deltas has the text: that is what the model said. What failed need not have
      // any output, and the SDK hands it on so.
      if flaw == Self.lacks {
        if ending == .failed { lost = streamed } else { final.set("output", to: .array(streamed)) }
      }
    }
    if ending != .failed { ResponsesCalls.check(final["output"]?.elements ?? [], log: &log) }
    hasBegun = true
    response = final
    self.ending = ending
  }
}
