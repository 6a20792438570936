/// What the lines since the last blank line have set: the buffers of the event stream grammar.
///
/// What the buffers hold is bounded: a line that would take them past the limit spoils the event.
struct PendingEvent {
  /// How many bytes of a buffer are kept for the next event; a larger one is given back.
  static let keptCapacityBytes = 1 << 16

  /// The bytes that the buffers and one line may hold together.
  let limitBytes: Int

  /// The `data` lines so far, each with a LF behind it.
  private var data: [UInt8] = []

  /// The last `event` value, which stays here as the cache of `typeName` after the dispatch.
  private var typeBytes: [UInt8] = []

  /// `typeBytes` as text: streams repeat their types, so the text is made once.
  private var typeName = ""

  /// Whether `typeName` belongs to this event.
  private var hasType = false

  /// The last `id` value, where it has not been committed yet.
  private var lastID: [UInt8]?

  /// Whether a line did not fit, so that the event will not be emitted.
  private(set) var isOverLimit = false

  init(limitBytes: Int) {
    self.limitBytes = limitBytes
  }

  /// Whether a line of `count` bytes fits beside what the buffers hold.
  func hasRoom(forLineOf count: Int) -> Bool {
    count <= limitBytes - data.count - (hasType ? typeBytes.count : 0)
  }

  /// Gives up the event: its blank line will emit nothing.
  mutating func spoil() {
    isOverLimit = true
    data = []
  }

  /// Adds a `data` line.
  mutating func append(_ value: UnsafeBufferPointer<UInt8>) {
    guard !isOverLimit else { return }
    data.append(contentsOf: value)
    data.append(.lineFeed)
  }

  /// Sets the event type; an empty one stands for `message`.
  mutating func setType(_ value: UnsafeBufferPointer<UInt8>) {
    hasType = !value.isEmpty
    guard hasType, !typeBytes.elementsEqual(value) else { return }
    typeBytes = Array(value)
    typeName = String(decoding: value, as: UTF8.self)
  }

  /// Sets the id buffer, which the next blank line commits; an id that holds NUL is ignored.
  mutating func setID(_ value: UnsafeBufferPointer<UInt8>) {
    guard !value.contains(0) else { return }
    lastID = Array(value)
  }

  /// The id that a blank line commits, once; nil where the block set none.
  mutating func takeID() -> String? {
    guard let bytes = lastID else { return nil }
    lastID = nil
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The type and the data of the event that a blank line completes; nil where there is no data.
  ///
  /// Either way the buffers are empty afterwards.
  mutating func take() -> (type: String, data: String)? {
    defer {
      data.removeAll(keepingCapacity: data.capacity <= Self.keptCapacityBytes)
      hasType = false
      isOverLimit = false
    }
    guard !data.isEmpty else { return nil }
    let text = data.withUnsafeBufferPointer {
      String(decoding: $0.part(0..<$0.count - 1), as: UTF8.self)
    }
    return (hasType ? typeName : "message", text)
  }
}
