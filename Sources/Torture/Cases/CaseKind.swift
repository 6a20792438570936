/// What all cases share that have the same faults at different places.
struct CaseKind: Hashable, Sendable {
  /// What cases of a kind happen to.
  enum Takes: Hashable, Sendable {
    /// The answer as a whole: there is one case.
    case nothing
    /// Points of the body, and, where these are points for it, the head and the end of the body.
    case points(PlaceSpread, head: Bool = false, end: Bool = false)
    /// Events.
    case events(PlaceSpread)
  }

  /// What a recording must have so that the kind says something about it.
  enum Need: Hashable, Sendable {
    case anything
    case eventStream
    case multibyteCharacters
  }

  /// The family, the fault and the variant, which never change: `cut/disconnect/mid-chunk`.
  var id: String

  /// The faults, with `@*` where the place goes.
  var faults: [String]

  /// What the cases happen to.
  var takes: Takes

  /// The title, with `{at}` where the words for a point go, and `{event}` where those for an event
  /// go.
  var title: String

  /// What the expectation rests on.
  var clause: String

  /// What a recording must have.
  var need = Need.anything

  /// Why a client may report or try again on an attempt that brings the whole answer; nil where it
  /// may not.
  var excuse: String?

  /// Creates a kind.
  init(
    _ id: String, _ faults: String..., takes: Takes = .nothing, title: String, clause: String,
    need: Need = .anything, excuse: String? = nil
  ) {
    self.id = id
    self.faults = faults
    self.takes = takes
    self.title = title
    self.clause = clause
    self.need = need
    self.excuse = excuse
  }
}

extension CaseKind {
  /// What one of its cases is called.
  func title(at place: CasePlace?) -> String {
    guard let place else { return title }
    let text = title.replacing("{at}", with: place.at).replacing("{event}", with: place.event)
    return text.prefix(1).uppercased() + text.dropFirst()
  }

  /// The faults of one of its cases, as they are written.
  func faults(at place: CasePlace?) -> [String] {
    guard let place else { return faults }
    return faults.map { $0.replacing("@*", with: "@\(place.directive)") }
  }

  /// The same kind, with a rate in bytes a second where its faults leave one open: `{rate}`.
  func trickling(at rate: Int) -> CaseKind {
    var kind = self
    kind.faults = faults.map { $0.replacing("{rate}", with: String(rate)) }
    return kind
  }

  /// The same kind, whose cases let a client report or try again for some reason.
  func excused(_ reason: String) -> CaseKind {
    var kind = self
    kind.excuse = reason
    return kind
  }
}
