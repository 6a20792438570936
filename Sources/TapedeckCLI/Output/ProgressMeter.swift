import Cassettes
import Recorder

/// Shows on a terminal how a recording goes, at most ten times a second.
final class ProgressMeter {
  private var lastShown: Int64 = -100_000

  /// Shows the progress, unless it was shown just now.
  func show(_ progress: RecordingProgress) {
    guard Console.isWatched, progress.elapsed.count - lastShown >= 100_000 else { return }
    lastShown = progress.elapsed.count
    let first = progress.timeToFirstByte.map { TextForm.time($0) } ?? "-"
    Console.progress(
      "\(TextForm.count(progress.events, "event")), \(TextForm.count(progress.bytes, "byte")), "
        + "\(TextForm.time(progress.elapsed)), first byte \(first)")
  }

  /// Takes away what was shown.
  func clear() {
    Console.progress("")
  }
}
