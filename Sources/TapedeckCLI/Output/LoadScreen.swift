import Loading
import Synchronization
import Units

/// The progress of a run of load, on a terminal: one line that is drawn anew.
final class LoadScreen: Sendable {
  private let ttfts = Mutex<[Int64]>([])

  /// How many times of TTFT the spark line shows.
  private static let sparks = 16
  private static let blocks = Array("▁▂▃▄▅▆▇█")

  /// Shows how far a run is.
  func show(_ progress: LoadProgress) {
    guard Console.isWatched else { return }
    let spark = ttfts.withLock { ttfts in
      if let ttft = progress.ttftP50 { ttfts = (ttfts + [ttft]).suffix(Self.sparks) }
      return Self.spark(ttfts)
    }
    let seconds = max(0.001, Double(progress.elapsed) / 1e9)
    let rate = Int((Double(progress.begun) / seconds).rounded())
    let ttft = progress.ttftP50.map { median in
      let worst = progress.ttftP99.map { ", p99 \(LoadText.duration($0))" } ?? ""
      return ", TTFT \(LoadText.duration(median))\(worst) \(spark)"
    }
    let errors = progress.errors > 0 ? ", \(TextForm.count(progress.errors, "error"))" : ""
    Console.progress(
      "\(Int(seconds)) s, \(TextForm.grouped(rate))/s, \(TextForm.grouped(progress.inFlight)) in "
        + "flight, \(TextForm.grouped(progress.ended)) ended\(errors)\(ttft ?? "")")
  }

  /// Takes away what was shown.
  func clear() { Console.progress("") }

  /// Values as blocks, the largest as a full one.
  static func spark(_ values: [Int64]) -> String {
    guard let most = values.max(), most > 0 else { return "" }
    return String(
      values.map { value in
        let height = Double(max(0, value)) / Double(most) * Double(blocks.count - 1)
        return blocks[min(blocks.count - 1, Int(height.rounded()))]
      })
  }
}
