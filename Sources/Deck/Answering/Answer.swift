/// What becomes of a request.
enum Response {
  /// The deck answers it.
  case answer(Answer)
  /// An upstream does.
  case forward(ForwardOrder)
}

/// What a request is answered with.
struct Answer {
  /// What is sent, and when.
  var plan: SharedPlan

  /// The request's number in the journal, or nil for the deck's own pages, which are not in it.
  var number: Int?
}
