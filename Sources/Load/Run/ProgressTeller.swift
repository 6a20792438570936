internal import Loading
internal import Synchronization

/// Hands on what the loops have told, now and then, off their threads.
final class ProgressTeller: Sendable {
  private static let interval = Duration.milliseconds(250)

  private let reports: [LoopReport]
  private let scene: LoadScene
  private let onRecord: (@Sendable ([StreamRecord]) -> Void)?
  private let onProgress: @Sendable (LoadProgress) -> Void
  private let progress = Mutex(LoadProgress())

  init(
    _ reports: [LoopReport], _ scene: LoadScene,
    onRecord: (@Sendable ([StreamRecord]) -> Void)?,
    onProgress: @escaping @Sendable (LoadProgress) -> Void
  ) {
    self.reports = reports
    self.scene = scene
    self.onRecord = onRecord
    self.onProgress = onProgress
  }

  /// Tells until its task is cancelled.
  func tell() async {
    while (try? await Task.sleep(for: Self.interval)) != nil { tellOnce() }
  }

  /// Tells what has happened since the last time.
  func tellOnce() {
    let states = reports.map { $0.take() }
    let records = states.flatMap(\.records)
    if !records.isEmpty { onRecord?(records) }
    let told = progress.withLock { progress in
      progress.elapsed = max(0, scene.now)
      progress.events = 0
      for state in states {
        progress.begun += state.begun
        progress.ended += state.ended
        progress.errors += state.errors
        progress.events += state.events
      }
      progress.inFlight = max(0, progress.begun - progress.ended)
      let times = states.flatMap(\.firstContents).sorted()
      progress.ttftP50 = Self.percentile(50, of: times)
      progress.ttftP99 = Self.percentile(99, of: times)
      return progress
    }
    onProgress(told)
  }

  /// The value that so many percent of sorted ones do not exceed.
  private static func percentile(_ percent: Int, of times: [Int64]) -> Int64? {
    guard !times.isEmpty else { return nil }
    let place = (times.count * percent + 99) / 100 - 1
    return times[min(max(place, 0), times.count - 1)]
  }
}
