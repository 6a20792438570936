public import EventStream
public import LosslessJSON

/// What was wrong with the events of a message, and what of them its dialect does not know.
public struct MessageLog: Sendable {
  /// One thing that was wrong, at one event.
  public struct Problem: Hashable, Sendable {
    /// The number of the event in its stream, from 1.
    public var event: Int

    /// What was wrong, as a clause such as `its data is no JSON`.
    public var text: String

    /// Whether a client that follows the rules raises here or loses content; what remains is odd,
    /// and some clients trip over it.
    public var isBreaking = true
  }

  /// The most problems that are kept; all of them are counted.
  public static let problemLimit = 100

  /// The most bytes of unknown events that are kept.
  public static let unrecognizedLimitBytes = 64 << 20

  /// The number of the event that was taken last, from 1; 0 before the first.
  public internal(set) var event = 0

  /// What was wrong, the first of it.
  public private(set) var problems: [Problem] = []

  /// The first problem at which a client that follows the rules raises or loses content.
  public private(set) var breaking: Problem?

  /// How many things were wrong in all.
  public private(set) var problemCount = 0

  /// Events and deltas that the dialect does not know, as they came.
  public private(set) var unrecognized: [JSONValue] = []

  private var unrecognizedBytes = 0

  /// Creates an empty log.
  public init() {}

  /// Notes what is wrong with the event that is being taken, so that a client that follows the
  /// rules raises or loses content.
  public mutating func note(_ text: @autoclosure () -> String) {
    note(text(), isBreaking: true)
  }

  /// Notes what is odd about the event that is being taken, and costs a client that follows the
  /// rules nothing.
  public mutating func notice(_ text: @autoclosure () -> String) {
    note(text(), isBreaking: false)
  }

  private mutating func note(_ text: @autoclosure () -> String, isBreaking: Bool) {
    problemCount += 1
    let isFirst = isBreaking && breaking == nil
    guard isFirst || problems.count < Self.problemLimit else { return }
    let problem = Problem(event: event, text: text(), isBreaking: isBreaking)
    if isFirst { breaking = problem }
    if problems.count < Self.problemLimit { problems.append(problem) }
  }

  /// Keeps an event or a delta that the dialect does not know.
  ///
  /// - Parameters:
  ///   - value: What came.
  ///   - bytes: How many bytes it was, roughly.
  public mutating func keep(_ value: JSONValue, bytes: Int) {
    guard bytes <= Self.unrecognizedLimitBytes - unrecognizedBytes else {
      return note("it is unknown, and there is no room to keep it")
    }
    unrecognizedBytes += bytes
    unrecognized.append(value)
  }

  /// The JSON object that an event's data is; nil, and a note, where it is none.
  public mutating func object(of event: ServerSentEvent) -> JSONValue? {
    switch data(of: event) {
    case .object(let object): return object
    case .failure: note("its data is not a JSON object")
    case nil: break
    }
    return nil
  }

  /// What an event's data is to a dialect.
  enum EventData {
    case object(JSONValue)
    /// It is no object, and says what went wrong.
    case failure(String)
  }

  /// What an event's data is; nil, and a note, where it is nothing that a dialect could read.
  ///
  /// An event that calls itself an error by its type is one whatever its data is.
  mutating func data(of event: ServerSentEvent) -> EventData? {
    do throws(JSONError) {
      let value = try JSONValue(parsing: event.data, nesting: 512)
      if case .object = value { return .object(value) }
      if let words = ErrorWords.inChunk(value) { return .failure(words) }
      if event.isError { return .failure(ErrorWords.inErrorEvent(event)) }
      note("its data is not a JSON object")
    } catch {
      if event.isError { return .failure(ErrorWords.inErrorEvent(event)) }
      note("its data is not JSON: \(error)")
    }
    return nil
  }
}
