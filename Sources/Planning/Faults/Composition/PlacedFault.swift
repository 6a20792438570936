internal import EventStream

/// A fault that fires, with the place where it does.
struct PlacedFault {
  /// What was asked for.
  var spec: FaultSpec

  /// The fault.
  var fault: any Fault

  /// Where it happens.
  var place: ResolvedPlace

  /// Whether chance chose it, and nobody asked for it by name.
  var isDrawn = false

  /// The offset of the recorded body before which it changes nothing, in a scene; nil for a fault
  /// that has to do with the head or the framing only.
  func start(in scene: FaultScene) -> Int? {
    switch place {
    case .head: nil
    case .body(let offset, _): offset
    case .event(let index): scene.events[index].block.lowerBound
    case .everywhere:
      switch fault.effect {
      case .editsHead, .frames, .answers: nil
      case .edits, .inserts, .ends, .endsChunked: 0
      }
    }
  }

  /// The offset of the recorded body where it happens, or nil for what is not there.
  func offset(in scene: FaultScene) -> Int? {
    switch place {
    case .head, .everywhere: nil
    case .body(let offset, _): offset
    case .event(let index): scene.events[index].block.lowerBound
    }
  }

  /// The fault as it can be asked for again without any chance: its place by byte.
  func pinned(in scene: FaultScene) -> FaultSpec {
    var pinned = spec
    pinned.attempts = .every
    pinned.requests = .every
    // Such a fault does the same without the argument, and a seed stands beside what is pinned.
    if fault.drawsChance, pinned.arguments == ["random"] { pinned.arguments = [] }
    switch (spec.place?.target, place) {
    case (.random, .body(let offset, let isAfter)), (.randomEvent, .body(let offset, let isAfter)):
      let side: FaultPlace.Side = isAfter ? .after : .before
      pinned.place = FaultPlace(side: side, target: .byte(isAfter ? offset : offset + 1))
    case (.random, .event(let index)), (.randomEvent, .event(let index)):
      let start = scene.events[index].block.lowerBound
      pinned.place = FaultPlace(side: .before, target: .byte(start + 1))
    default: break
    }
    return pinned
  }
}
