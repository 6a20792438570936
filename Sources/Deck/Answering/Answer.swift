internal import Matching
internal import Planning

/// What becomes of a request.
enum Response: Sendable {
  /// The deck answers it.
  case answer(Answer)
  /// The deck answers it with a long page of its own.
  case page(PagedAnswer)
  /// An upstream does.
  case forward(ForwardOrder)
}

/// What a request is answered with.
struct Answer: Sendable {
  /// What is sent, and when.
  var plan: SharedPlan

  /// The request's number in the journal, or nil for the deck's own pages, which are not in it.
  var number: Int?

  /// Who asked for the faults of the plan, or nil where it has none.
  var asker: AskedFaults.Asker?

  /// Under what its session remembers the attempt, or nil where it does not.
  var place: SessionTry.Place?

  /// What it holds of the provider's limits, or nil where there are none.
  var pass: LimitPass?

  /// Whether its head says how its client stands with limits: what a fault made says that itself.
  var showsLimits: Bool {
    pass != nil && !(plan.plan.status == 429 && !plan.plan.firedFaults.isEmpty)
  }
}

/// A page that goes out piece by piece, each put together when its reader has taken the one before.
struct PagedAnswer: Sendable {
  /// Frames the pieces.
  var framing: RelayFraming

  /// The first piece.
  var first: [UInt8]

  /// The others.
  var pieces: any PagePieces
}
