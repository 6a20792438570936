/// Which places of a stream cases are made for.
package enum CasePlaces: String, CaseIterable, Hashable, Sendable {
  /// Those that tell something of a client: of each kind of event the boundaries of the first, one
  /// in the middle and the last, inside of events and of multibyte characters, the head.
  case telling
  /// Every byte of the body and every event.
  case all
}

/// One place of a recording where a fault can happen.
struct CasePlace: Hashable, Sendable {
  /// The last part of an id: `in-event-12`.
  var id: String

  /// The place as a directive has it: `in:event:12`.
  var directive: String

  /// Where the point is, in words: "in the middle of the text".
  var at: String

  /// What the event there is called: "the last piece of the text".
  var event: String
}

extension CasePlace {
  /// Just before the response head.
  static let head = CasePlace(
    id: "head", directive: "head", at: "before the answer's head", event: "the head")

  /// Inside the response head.
  static let insideHead = CasePlace(
    id: "in-head", directive: "in:head", at: "inside the answer's head", event: "the head")
}

extension CaseScene {
  /// The place just before an event, which is that event too.
  func place(ofEvent index: Int) -> CasePlace {
    CasePlace(
      id: "event-\(index + 1)", directive: "event:\(index + 1)", at: words(beforeEvent: index),
      event: noun(ofEvent: index))
  }

  /// The place before the byte at an offset of the body, or at its end, by the one name that it has
  /// in an id: an event where one begins, the inside of an event at its middle, else the byte.
  ///
  /// - Parameters:
  ///   - offset: The offset, at most the size of the body.
  ///   - words: Where that is, in words, unless it is at the boundary of an event.
  /// - Returns: The place.
  func place(at offset: Int, _ words: String? = nil) -> CasePlace {
    guard let index = event(holding: offset) else {
      if let last = blocks.last, offset == last.upperBound {
        return CasePlace(
          id: "after-event-\(blocks.count)", directive: "after:event:\(blocks.count)",
          at: "behind the last event", event: "the last event")
      }
      return placeByByte(offset, words ?? self.words(at: offset), event: "the rest of the body")
    }
    let block = blocks[index]
    if offset == block.lowerBound { return place(ofEvent: index) }
    let noun = part(ofEvent: index)
    if offset == block.lowerBound + block.count / 2 {
      return CasePlace(
        id: "in-event-\(index + 1)", directive: "in:event:\(index + 1)",
        at: words ?? "inside \(noun)", event: noun)
    }
    return placeByByte(offset, words ?? "inside \(noun), after \(offset) bytes", event: noun)
  }

  private func placeByByte(_ offset: Int, _ words: String, event: String) -> CasePlace {
    guard offset < body.count else {
      return CasePlace(id: "end", directive: "end", at: words, event: event)
    }
    return CasePlace(
      id: "byte-\(offset + 1)", directive: "byte:\(offset + 1)", at: words, event: event)
  }

  /// Where an offset outside of all events is.
  private func words(at offset: Int) -> String {
    switch offset {
    case 0: "before the first byte of the body"
    case body.count: "behind the last byte of the body"
    case body.count - 1: "before the last byte of the body"
    default: "after \(offset) of \(body.count) bytes of the body"
    }
  }

  /// The index of the event whose block holds an offset.
  private func event(holding offset: Int) -> Int? {
    var low = 0
    var high = blocks.count
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle].upperBound <= offset { low = middle + 1 } else { high = middle }
    }
    return low < blocks.count && blocks[low].contains(offset) ? low : nil
  }
}
