internal import Dialects

/// How many places a kind of case is made for.
enum PlaceSpread: Hashable, Sendable {
  /// All telling places.
  case wide
  /// A handful of these: what is there costs a client time.
  case few
  /// The first, one in the middle and the last, also where every place was asked for.
  case sample
  /// The one in the middle.
  case one
}

extension CaseScene {
  /// The points at which a cut or a pause happens.
  ///
  /// - Parameters:
  ///   - spread: How many.
  ///   - all: Whether a spread that can have every place does.
  ///   - head: Whether the head has such points.
  ///   - end: Whether the end of the body is one.
  /// - Returns: The places, each once.
  func points(_ spread: PlaceSpread, all: Bool, head: Bool, end: Bool) -> [CasePlace] {
    var places: [CasePlace] = []
    if head {
      places.append(.head)
      if spread == .wide { places.append(.insideHead) }
    }
    places += blocks.isEmpty ? pointsByByte(spread) : pointsByEvent(spread)
    if end { places.append(place(at: body.count)) }
    guard all, spread == .wide || spread == .few else { return places.distinct }
    for offset in 0..<body.count { places.append(place(at: offset)) }
    return places.distinct
  }

  /// The events to which something happens.
  func events(_ spread: PlaceSpread, all: Bool) -> [CasePlace] {
    let chosen =
      switch spread {
      case .wide where all, .few where all: Array(blocks.indices)
      case .wide: tellingEvents
      case .few, .sample: [blocks.isEmpty ? nil : 0, middle, terminal].compactMap { $0 }
      case .one: [middle].compactMap { $0 }
      }
    return chosen.map(place(ofEvent:)).distinct
  }

  private func pointsByEvent(_ spread: PlaceSpread) -> [CasePlace] {
    guard let middle, let terminal else { return [] }
    switch spread {
    case .one: return [place(ofEvent: middle)]
    case .sample: return [place(ofEvent: middle), place(ofEvent: terminal)]
    case .few:
      return [place(ofEvent: 0), place(ofEvent: middle), inside(middle), place(ofEvent: terminal)]
    case .wide:
      var inner = [middle, terminal]
      for role in [EventRole.opening, .text, .toolArguments, .finish] {
        if let first = indices(of: role).first { inner.append(first) }
      }
      return tellingEvents.map(place(ofEvent:)) + characterPlaces
        + inner.sorted().map(inside) + [middle, terminal].map(beforeBlankLine)
    }
  }

  private func inside(_ index: Int) -> CasePlace {
    place(at: blocks[index].lowerBound + blocks[index].count / 2)
  }

  /// Before the last byte of an event: all of it has come but the end of its blank line.
  private func beforeBlankLine(_ index: Int) -> CasePlace {
    place(
      at: blocks[index].upperBound - 1, "after all of \(part(ofEvent: index)) but its blank line")
  }

  /// Every point inside of the first multibyte characters.
  private var characterPlaces: [CasePlace] {
    characters.flatMap { character in
      character.dropFirst().map { place(at: $0, "inside a multibyte character") }
    }
  }

  /// Points of a body that is no event stream.
  private func pointsByByte(_ spread: PlaceSpread) -> [CasePlace] {
    guard body.count > 1 else { return body.isEmpty ? [] : [place(at: 0)] }
    let half = body.count / 2
    switch spread {
    case .one, .sample: return [place(at: half)]
    case .few: return [0, half, body.count - 1].map { place(at: $0) }
    case .wide:
      let offsets = [0, 1, body.count / 4, half, body.count / 4 * 3, body.count - 1]
      return characterPlaces + offsets.map { place(at: $0) }
    }
  }
}

extension [CasePlace] {
  /// The places, each id once: the first that has it.
  fileprivate var distinct: [CasePlace] {
    var seen: Set<String> = []
    return filter { seen.insert($0.id).inserted }
  }
}
