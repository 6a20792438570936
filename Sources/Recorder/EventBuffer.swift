internal import Synchronization

/// Hands recording events from libcurl's thread to the one task that reads them, without ever
/// blocking the thread.
///
/// What is in it is bounded by the transfer's own limits of bytes and chunks; of ticks it holds
/// one.
final class EventBuffer: Sendable {
  private struct State {
    var events: [RecordingEvent] = []
    var reader: CheckedContinuation<[RecordingEvent], Never>?
    var isEnded = false
  }

  /// A reader that waits, and what it is to get.
  private struct Delivery {
    let reader: CheckedContinuation<[RecordingEvent], Never>
    let events: [RecordingEvent]
  }

  private let state = Mutex(State())

  /// Adds events; after `ended` nothing is added, and no tick where something waits to be read
  /// anyway.
  func add(_ events: [RecordingEvent]) {
    let delivery = state.withLock { state -> Delivery? in
      guard !state.isEnded else { return nil }
      for event in events {
        if case .tick = event, !state.events.isEmpty { continue }
        state.events.append(event)
      }
      if case .ended = events.last { state.isEnded = true }
      guard let reader = state.reader else { return nil }
      defer {
        state.reader = nil
        state.events = []
      }
      return Delivery(reader: reader, events: state.events)
    }
    // Outside of the lock: who is resumed may come back for more at once.
    delivery?.reader.resume(returning: delivery?.events ?? [])
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
}
