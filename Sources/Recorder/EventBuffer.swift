internal import Synchronization

/// Hands recording events from libcurl's thread to the one task that reads them, without ever blocking the
/// thread.
///
/// What is in it is bounded by the transfer's own limits of bytes and chunks; of ticks it holds one.
final class EventBuffer: Sendable {
  private struct State {
    var events: [RecordingEvent] = []
    var reader: CheckedContinuation<[RecordingEvent], Never>?
    var isEnded = false
  }

  private let state = Mutex(State())

  /// Adds events; after `ended` nothing is added.
  func add(_ events: [RecordingEvent]) {
    guard !events.isEmpty else { return }
    let ready = state.withLock {
      state -> (CheckedContinuation<[RecordingEvent], Never>?, [RecordingEvent]) in
      guard !state.isEnded else { return (nil, []) }
      state.events += events
      if case .ended = events.last { state.isEnded = true }
      return Self.takeReader(&state)
    }
    ready.0?.resume(returning: ready.1)
  }

  /// Adds a tick, unless something is waiting to be read anyway.
  func tick(_ event: RecordingEvent) {
    let ready = state.withLock {
      state -> (CheckedContinuation<[RecordingEvent], Never>?, [RecordingEvent]) in
      guard !state.isEnded, state.events.isEmpty else { return (nil, []) }
      state.events.append(event)
      return Self.takeReader(&state)
    }
    ready.0?.resume(returning: ready.1)
  }

  /// All that has come since the last call, once there is something; empty when all has been read.
  func next() async -> [RecordingEvent] {
    await withCheckedContinuation { continuation in
      let ready = state.withLock { state -> [RecordingEvent]? in
        if !state.events.isEmpty {
          defer { state.events = [] }
          return state.events
        }
        // A second reader would never be told: it gets nothing.
        if state.isEnded || state.reader != nil { return [] }
        state.reader = continuation
        return nil
      }
      if let ready { continuation.resume(returning: ready) }
    }
  }

  private static func takeReader(
    _ state: inout State
  ) -> (CheckedContinuation<[RecordingEvent], Never>?, [RecordingEvent]) {
    guard let reader = state.reader else { return (nil, []) }
    defer {
      state.reader = nil
      state.events = []
    }
    return (reader, state.events)
  }
}
