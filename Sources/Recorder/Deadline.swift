/// When a transfer will be given up if nothing more comes, and why.
struct Deadline {
  /// What would have taken too long.
  enum Limit {
    case recording, head, silence
  }

  /// In monotonic nanoseconds.
  let at: Int64
  private let limit: Limit
  private let duration: Duration

  init(_ limit: Limit, of duration: Duration, since start: Int64) {
    self.limit = limit
    self.duration = duration
    let (end, overflows) = start.addingReportingOverflow(duration.nanoseconds)
    at = overflows ? .max : end
  }

  /// What then ends the transfer.
  var refusal: Transcript.Refusal {
    switch limit {
    case .recording: .cancelled("--max-time \(duration) was reached")
    case .head: .timeout("no response head came for \(duration)")
    case .silence: .timeout("nothing came for \(duration)")
    }
  }
}
