package import Cassettes
internal import HTTP

/// Undoes the content coding of an answer while its events come, for what is written down.
///
/// What cannot be undone is kept as it came, with the field that names its coding: a coding that
/// nobody knows, and bytes that are not of the one that is named. Whether they are is known when
/// the first of them are decoded; until then the head and what follows it are withheld.
package final class ContentDecoding {
  private enum State {
    /// No body, or none that is to be decoded.
    case passing
    /// The events from the head on are withheld, with what they decode to.
    case trying(Trial)
    case decoding
    /// The body is not of the coding that it is said to be of.
    case mistaken
  }

  private struct Trial {
    var coding: String
    var asTheyCame: [RecordingEvent]
    var decoded: [RecordingEvent]
    var takenBytes = 0
    var madeBytes = 0
  }

  /// The bytes that are made before those of a coding without a signature are believed: what begins
  /// as text may decode to a few.
  private static let proofBytes = 64

  /// The bytes that are taken before it is given up to find out.
  private static let trialBytes = 64 << 10

  private var state = State.passing
  private var coding = ""
  private var decoder: ContentDecoder?

  /// Why the rest of the body cannot be decoded, or nil; nothing of it comes out any more.
  package private(set) var failure: ContentDecoder.Failure?

  /// Begins with an answer that is to come.
  package init() {}

  /// Takes in what happened, and returns what is to be written down.
  package func take(_ event: RecordingEvent) -> [RecordingEvent] {
    switch (event, state) {
    case (.head(let head), _): begin(head)
    case (.tick, _): [event]
    case (.chunk(let bytes, let time), .trying(let trial)): attempt(bytes, at: time, trial)
    case (.chunk(let bytes, let time), .decoding): decode(bytes, at: time)
    case (.ended(let ending, let failure), _): end(ending, failure)
    case (_, .trying(var trial)): withhold(event, &trial)
    default: [event]
    }
  }

  private func begin(_ head: ResponseHead) -> [RecordingEvent] {
    guard ![204, 304].contains(head.status), let name = head.headers.contentCoding,
      let decoder = ContentDecoder(coding: name)
    else { return [.head(head)] }
    coding = name
    self.decoder = consume decoder
    var decoded = head
    decoded.decoded = name
    state = .trying(Trial(coding: name, asTheyCame: [.head(head)], decoded: [.head(decoded)]))
    return []
  }

  private func withhold(_ event: RecordingEvent, _ trial: inout Trial) -> [RecordingEvent] {
    trial.asTheyCame.append(event)
    trial.decoded.append(event)
    state = .trying(trial)
    return []
  }

  private func attempt(
    _ bytes: [UInt8], at time: Microseconds, _ trial: Trial
  ) -> [RecordingEvent] {
    var trial = trial
    guard let step = decoder?.decode(bytes) else { return [] }
    trial.asTheyCame.append(.chunk(bytes, at: time))
    trial.takenBytes += bytes.count
    trial.madeBytes += step.bytes.count
    if !step.bytes.isEmpty { trial.decoded.append(.chunk(step.bytes, at: time)) }
    let isProven =
      trial.madeBytes >= (decoder?.hasSignature == true ? 1 : Self.proofBytes)
      || decoder?.isWhole == true
    if let failure = step.failure, isProven {
      self.failure = failure
      state = .decoding
      return trial.decoded
    }
    if step.failure != nil || (!isProven && trial.takenBytes > Self.trialBytes) {
      state = .mistaken
      decoder = nil
      return trial.asTheyCame
    }
    state = isProven ? .decoding : .trying(trial)
    return isProven ? trial.decoded : []
  }

  private func decode(_ bytes: [UInt8], at time: Microseconds) -> [RecordingEvent] {
    guard failure == nil, let step = decoder?.decode(bytes) else { return [] }
    failure = step.failure
    return step.bytes.isEmpty ? [] : [.chunk(step.bytes, at: time)]
  }

  private func end(_ ending: Ending, _ failure: RecordingFailure?) -> [RecordingEvent] {
    var ending = ending
    var events: [RecordingEvent] = []
    let isCut = decoder?.isWhole == false
    switch state {
    case .trying(let trial): events = trial.madeBytes > 0 ? trial.decoded : trial.asTheyCame
    case .mistaken where ending.how == .complete:
      ending.how = .malformed
      ending.detail =
        "the body is not in the content coding \(coding), which its head names: it is kept as received"
    case .passing, .decoding, .mistaken: break
    }
    if isCut, ending.how == .complete {
      ending.how = .truncated
      ending.detail = "the body ended before its content coding did"
    }
    state = .passing
    decoder = nil
    return events + [.ended(ending, failure: failure)]
  }
}
