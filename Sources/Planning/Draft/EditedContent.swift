internal import EventStream

/// The recorded body while content and grammar faults edit it.
///
/// ```
/// recorded  |event 1|event 2|event 3|tail|      each piece stands for a range of the recording;
/// edited    |event 1|ping|event 2'|    |tail|   what is inserted stands for an empty one
/// ```
///
/// Pieces never change places, so the ranges stay in order and a place, which is an offset in the
/// recording, stays true through every edit.
package struct EditedContent: Sendable {
  /// Some bytes, and the range of the recording that they stand for.
  struct Piece: Sendable {
    /// The range of the recorded body; empty for what was inserted.
    var origin: Range<Int>

    /// The bytes where they differ from the recording; nil where they do not.
    var bytes: [UInt8]?

    /// The recorded byte that it is due with: a changed event's last, or for what is inserted the
    /// one that the byte behind it is due with.
    var companion: Int
  }

  /// The recorded body.
  let recorded: [UInt8]

  /// The pieces in order: inserted ones stand before the one at whose start they are.
  private(set) var pieces: [Piece] = []

  /// Whether the answer ends well behind the last piece, whatever was recorded there.
  private(set) var isCut = false

  /// How many bytes the edited body has.
  private(set) var byteCount: Int

  /// How many bytes it may have.
  let limitBytes: Int

  /// How many bytes edits of the whole body have passed over.
  private var passedBytes = 0

  private let events: [Range<Int>]

  /// Begins with the body as it was recorded.
  init(
    _ recorded: [UInt8], events: [ServerSentEvent], limitBytes: Int = PlanLimits.wireBytes
  ) {
    self.recorded = recorded
    byteCount = recorded.count
    self.limitBytes = limitBytes
    self.events = events.map(\.block)
    let tail = (self.events.last?.upperBound ?? 0)..<recorded.count
    pieces = (self.events + (tail.isEmpty ? [] : [tail])).map {
      Piece(origin: $0, bytes: nil, companion: $0.upperBound - 1)
    }
  }

  /// Whether nothing was edited.
  var isAsRecorded: Bool { !isCut && pieces.allSatisfy { $0.bytes == nil } }

  /// How many events were recorded.
  package var eventCount: Int { events.count }

  /// The bytes of an event as they stand now, its block from its first comment to its blank line.
  ///
  /// - Throws: where the event is not there any more.
  package func bytes(ofEvent index: Int) throws(DirectiveError) -> [UInt8] {
    bytes(of: pieces[try place(of: index)])
  }

  /// Puts bytes in place of an event; none to drop it.
  ///
  /// - Throws: where the event is not there any more.
  package mutating func replace(event index: Int, with bytes: [UInt8]) throws(DirectiveError) {
    try replace(piece: try place(of: index), with: bytes)
  }

  private mutating func replace(piece index: Int, with bytes: [UInt8]) throws(DirectiveError) {
    let count = byteCount - size(of: pieces[index]) + bytes.count
    try PlanLimits.check(wireBytes: count, limit: limitBytes)
    byteCount = count
    pieces[index].bytes = bytes
  }

  private func size(of piece: Piece) -> Int { piece.bytes?.count ?? piece.origin.count }

  /// Puts bytes before an event.
  ///
  /// - Throws: where the event is not there any more.
  package mutating func insert(_ bytes: [UInt8], beforeEvent index: Int) throws(DirectiveError) {
    let place = try place(of: index)
    try insert(bytes, at: place, origin: pieces[place].origin.lowerBound)
  }

  /// Puts bytes behind an event.
  ///
  /// - Throws: where the event is not there any more.
  package mutating func insert(_ bytes: [UInt8], behindEvent index: Int) throws(DirectiveError) {
    let place = try place(of: index)
    try insert(bytes, at: place + 1, origin: pieces[place].origin.upperBound)
  }

  /// Puts bytes before a piece; they are due with the byte that they stand before.
  private mutating func insert(
    _ bytes: [UInt8], at place: Int, origin: Int
  ) throws(DirectiveError) {
    try PlanLimits.check(wireBytes: byteCount + bytes.count, limit: limitBytes)
    byteCount += bytes.count
    let behind = pieces[place...].first { $0.bytes?.isEmpty != true }
    let companion =
      behind.map { $0.bytes == nil ? $0.origin.lowerBound : $0.companion } ?? recorded.count
    pieces.insert(Piece(origin: origin..<origin, bytes: bytes, companion: companion), at: place)
  }

  /// Ends the body before an event, with these bytes as the last.
  ///
  /// - Throws: where the event is not there any more.
  package mutating func end(with bytes: [UInt8], beforeEvent index: Int) throws(DirectiveError) {
    try insert(bytes, beforeEvent: index)
    let place = try place(of: index)
    byteCount -= pieces[place...].reduce(0) { $0 + size(of: $1) }
    pieces.removeSubrange(place...)
    isCut = true
  }

  /// Changes each event, inserted ones too, and what follows the last, in order.
  ///
  /// - Parameter change: Is given the number of the recorded event, from 0, or nil for anything
  ///   else, and its bytes; returns the bytes in their place, or nil to leave them as they are.
  /// - Throws: where the body would become larger than a plan may be, or too much is passed over in
  ///   all.
  package mutating func rewrite(
    _ change: (Int?, [UInt8]) -> [UInt8]?
  ) throws(DirectiveError) {
    passedBytes += byteCount
    guard passedBytes / PlanLimits.passes <= limitBytes else {
      throw DirectiveError(
        "so many faults that change every event of a body of \(byteCount) bytes are too much work: "
          + "ask for fewer, or raise --max-plan")
    }
    var event = 0
    for index in pieces.indices {
      let origin = pieces[index].origin
      while event < events.count, events[event].lowerBound < origin.lowerBound { event += 1 }
      let isEvent = event < events.count && events[event] == origin
      let bytes = bytes(of: pieces[index])
      guard !bytes.isEmpty, let rewritten = change(isEvent ? event : nil, bytes), rewritten != bytes
      else { continue }
      try replace(piece: index, with: rewritten)
    }
  }

  /// Changes the last piece in which there is something to change.
  ///
  /// - Parameter change: Is given the bytes of a piece; returns the bytes in their place, or nil to
  ///   go on with the piece before.
  /// - Returns: Whether a piece was changed.
  mutating func rewriteLast(_ change: ([UInt8]) -> [UInt8]?) -> Bool {
    for index in pieces.indices.reversed() {
      guard let rewritten = change(bytes(of: pieces[index])) else { continue }
      byteCount += rewritten.count - size(of: pieces[index])
      pieces[index].bytes = rewritten
      return true
    }
    return false
  }

  /// The bytes of a piece as they stand now.
  func bytes(of piece: Piece) -> [UInt8] { piece.bytes ?? Array(recorded[piece.origin]) }

  private func place(of event: Int) throws(DirectiveError) -> Int {
    guard events.indices.contains(event) else {
      throw DirectiveError("the recording has \(events.count) events, and no event \(event + 1)")
    }
    let found = pieces.firstIndex(behind: { $0.origin.upperBound > events[event].lowerBound })
    guard found < pieces.endIndex, pieces[found].origin == events[event],
      pieces[found].bytes?.isEmpty != true
    else {
      throw DirectiveError("event \(event + 1) is no longer sent: another fault removes it")
    }
    return found
  }
}
