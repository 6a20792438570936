internal import EventStream
internal import LosslessJSON

/// A message as it grows, by the rules of `accumulate_event` in Anthropic's Python SDK.
///
/// It follows the SDK's helper for beta messages, which knows all that the other one does. What the
/// SDK sees, it sees: the type in the data decides, an event without an `event:` line is passed
/// over, blocks stand in the order in which they arrived, and an `index` is a place in that order.
/// Where the SDK gives up with an exception, this goes on and notes why.
struct AnthropicState: MessageState, ErrorTelling {
  /// The message, but for the inputs of tools that are ahead of it; nil before there is any of it.
  var tree: JSONValue?

  /// What is known of each block in the message's content.
  var blocks: [AnthropicBlock] = []

  /// The inputs of tools by the index that their deltas name.
  var inputs: [Int: AnthropicToolInput] = [:]

  /// The last reason to stop that a `message_delta` named; what the message says of it may be null
  /// again.
  var namedReason: [UInt8]?

  /// The ids of the tool calls, by which results are given back.
  var toolIDs: Set<[UInt8]> = []

  private var hasStarted = false
  private var hasStopped = false
  private var failure: String?

  var reportedError: String? { failure }

  mutating func take(_ event: ServerSentEvent, log: inout MessageLog) -> [UInt8] {
    switch event.type {
    case "ping": return []
    case "message":
      passOver(event, &log)
      return []
    // What Bedrock reports in a frame of its own.
    case "error", "exception":
      fail(event, &log)
      return []
    default: break
    }
    guard !event.data.isEmpty, let data = log.object(of: event) else { return [] }
    return take(data, bytes: event.data.utf8.count, &log)
  }

  /// Passes over an event without an `event:` line, as the SDK does, whatever it says.
  ///
  /// An error in it is one all the same: who made the stream says that it failed.
  private mutating func passOver(_ event: ServerSentEvent, _ log: inout MessageLog) {
    let data = try? JSONValue(parsing: event.data, nesting: 512)
    if let error = ErrorWords.inChunk(data) {
      log.notice("it has no event line, so clients ignore an error: \(error)")
      failure = failure ?? error
      return
    }
    let type = data?[last: "type"]?.stringBytes.flatMap(AnthropicEventType.init)
    guard let type, type != .ping else {
      return log.notice("it has no event line, so it is ignored")
    }
    log.note("it has no event line, so its \(type.spelling) is ignored")
  }

  private mutating func take(
    _ data: JSONValue, bytes: Int, _ log: inout MessageLog
  ) -> [UInt8] {
    let name = data[last: "type"]?.stringBytes
    guard let type = name.flatMap(AnthropicEventType.init) else {
      if name == nil { log.note("its data has no type") }
      log.keep(data, bytes: bytes)
      return []
    }
    if type == .ping || type == .error { return [] }
    noteOrder(&log, isStart: type == .messageStart)
    noteContentBehindReason(type, &log)
    switch type {
    case .blockStart: return startBlock(data, &log)
    case .blockDelta: return takeDelta(data, bytes: bytes, &log)
    case .blockStop: stopBlock(data, &log)
    case .messageStart: start(data, &log)
    case .messageDelta: takeMessageDelta(data, &log)
    case .messageStop: stop(&log)
    case .ping, .error: break
    }
    return []
  }

  private func noteOrder(_ log: inout MessageLog, isStart: Bool) {
    if failure != nil {
      log.note("it comes after an error event")
    } else if hasStopped {
      log.note("it comes after message_stop")
    } else if !hasStarted, !isStart {
      log.note("no message_start came before it")
    }
  }

  /// What stops reading where the model says why it stopped loses what comes behind that.
  private func noteContentBehindReason(_ type: AnthropicEventType, _ log: inout MessageLog) {
    guard namedReason != nil, !hasStopped, failure == nil else { return }
    switch type {
    case .blockStart:
      log.notice("a block begins after the stop_reason, where some clients stop reading")
    case .blockDelta:
      log.notice("content comes after the stop_reason, where some clients stop reading")
    default: break
    }
  }

  /// The SDK knows nothing of what came before the first start, and passes over a second one.
  private mutating func start(_ data: JSONValue, _ log: inout MessageLog) {
    guard !hasStarted else { return log.note("it is a second message_start") }
    guard let message = data[last: "message"]?.withUniqueKeys, message.members != nil else {
      return log.note("it has no message")
    }
    if message["content"]?.elements == nil { log.note("its message has no list of content") }
    if message["usage"]?.members == nil { log.note("its message has no usage") }
    hasStarted = true
    hasStopped = false
    inputs = [:]
    blocks = (message["content"]?.elements ?? []).map { AnthropicBlock($0, isOpen: false) }
    tree = message
  }

  private mutating func stop(_ log: inout MessageLog) {
    for (position, block) in blocks.enumerated() where block.isOpen {
      log.note("block \(position) (\(block.type)) was not stopped")
    }
    hasStopped = true
  }

  private mutating func fail(_ event: ServerSentEvent, _ log: inout MessageLog) {
    guard failure == nil else { return log.note("it comes after an error event") }
    _ = log.object(of: event)
    failure = ErrorWords.inErrorEvent(event)
  }

  var message: JSONValue? {
    var message = tree
    for input in inputs.values where input.isAhead { input.write(to: &message) }
    return message
  }

  /// The reason that came last; an empty one names none.
  var stopReason: String? { tree?["stop_reason"]?.text.flatMap { $0.isEmpty ? nil : $0 } }

  var usage: JSONValue? { tree?["usage"] }

  var completeness: Completeness {
    if let failure { return .incomplete("an error event came: \(failure)") }
    guard hasStarted else { return .incomplete("no message_start came") }
    if hasStopped {
      return stopReason == nil ? .incomplete("message_stop came without a stop_reason") : .complete
    }
    if let open = blocks.lastIndex(where: \.isOpen) {
      return .incomplete("it ends inside block \(open) (\(blocks[open].type))")
    }
    return .incomplete(
      stopReason == nil ? "no stop_reason and no message_stop came" : "no message_stop came")
  }
}
