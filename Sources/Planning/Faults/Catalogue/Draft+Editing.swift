package import Cassettes

/// What time, shape and cut faults do to a draft.
extension Draft {
  /// Where a place of the recording is in the body that will be sent.
  package func position(of offset: Int, after: Bool) -> Int {
    offsets.position(of: offset, after: after)
  }

  /// When what is at a place happens: with the byte behind it, at the end with the end; an `after`
  /// place with the byte before it, and behind no byte with the head.
  package func time(at position: Int, after: Bool) -> Microseconds {
    if after {
      return position == 0
        ? message.headAt : message.chunks.first { $0.end >= position }?.at ?? message.endAt
    }
    return message.chunks.first { $0.end > position }?.at ?? message.endAt
  }

  /// Where in the body what spans it begins, and when: at its place, or without one with the first
  /// byte of all, inserted or not; nil for a place that is none in the body.
  package func start(of place: ResolvedPlace) -> (position: Int, time: Microseconds)? {
    switch place {
    case .everywhere: return (0, time(at: 0, after: false))
    case .body(let offset, let isAfter):
      let position = position(of: offset, after: isAfter)
      return (position, time(at: position, after: isAfter))
    case .head, .event: return nil
    }
  }

  /// Makes a position a boundary between chunks, and returns the index of the chunk behind it.
  package mutating func split(at position: Int) -> Int {
    guard let index = message.chunks.firstIndex(where: { $0.end > position }) else {
      return message.chunks.count
    }
    let start = index == 0 ? 0 : message.chunks[index - 1].end
    guard position > start else { return index }
    message.chunks.insert(Chunk(end: position, at: message.chunks[index].at), at: index)
    return index + 1
  }

  /// Replaces the chunks from one on by others over the same bytes, and moves the end behind them.
  package mutating func rechunk(from index: Int, into new: [Chunk]) {
    message.chunks.replaceSubrange(index..., with: new)
    if let last = new.last { message.endAt = max(message.endAt, last.at) }
  }

  /// Puts other bytes in place of each chunk's; offsets in it are kept in proportion.
  mutating func replaceBody(with contents: [[UInt8]]) {
    var replaced = OffsetMap()
    var start = 0
    for (index, bytes) in contents.enumerated() {
      let origin = offsets.origin(of: start)..<offsets.origin(of: message.chunks[index].end)
      start = message.chunks[index].end
      replaced.append(bytes.count, from: origin)
      message.chunks[index].end = replaced.count
    }
    message.body = Array(contents.joined())
    offsets = replaced
  }

  /// Leaves out all of the body behind a position.
  package mutating func truncate(at position: Int) {
    let behind = split(at: position)
    message.chunks.removeSubrange(behind...)
    message.body.removeSubrange(position...)
    message.trailers = []
  }

  /// Moves everything from a chunk on, the end too.
  package mutating func delay(from index: Int, _ move: (Microseconds) -> Microseconds) {
    for index in message.chunks.indices.dropFirst(index) {
      message.chunks[index].at = move(message.chunks[index].at)
    }
    message.endAt = move(message.endAt)
  }
}
