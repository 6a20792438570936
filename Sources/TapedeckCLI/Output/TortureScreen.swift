import Cassettes
import Judging
import Reports
import Synchronization
import Torture
import Units

/// The progress of a run, on a terminal: a matrix that grows, the newest failures, and what is
/// left.
final class TortureScreen: Sendable {
  fileprivate struct State {
    /// Right, wrong and other results, by family, in the order in which families came.
    var families: [(name: String, right: Int, wrong: Int, other: Int)] = []
    /// The newest failures, the last first.
    var failures: [String] = []
    var done = 0
    var drawn = Instant(nanoseconds: 0)
    var shownLines = 0
  }

  private let total: Int
  private let budget: Microseconds?
  private let start = Instant.now()
  private let state = Mutex(State())

  /// How many failures are shown.
  fileprivate static let failureLimit = 5
  private static let rhythm: Int64 = 100_000_000

  init(total: Int, budget: Microseconds?) {
    self.total = total
    self.budget = budget
  }

  /// Takes a result in, and draws everything anew, ten times a second at the most.
  func take(_ progress: TortureProgress) {
    guard Console.isWatched else { return }
    let text = state.withLock { state -> String? in
      state.add(progress.result)
      state.done = progress.done
      let now = Instant.now()
      guard now.nanoseconds(since: state.drawn) >= Self.rhythm else { return nil }
      state.drawn = now
      let lines = lines(state, now)
      let text = Self.frame(lines, over: state.shownLines)
      state.shownLines = lines.count
      return text
    }
    if let text { Console.draw(text) }
  }

  /// Takes away what was drawn.
  func clear() {
    guard Console.isWatched else { return }
    let text = state.withLock { state -> String in
      defer { state.shownLines = 0 }
      return Self.frame([], over: state.shownLines)
    }
    Console.draw(text)
  }

  /// Lines in place of those that were drawn before. (ECMA-48, 8.3.22, 8.3.39)
  private static func frame(_ lines: [String], over shown: Int) -> String {
    let back = shown > 0 ? "\u{1B}[\(shown)F\u{1B}[J" : ""
    return back + lines.map { "\($0)\n" }.joined()
  }

  private func lines(_ state: State, _ now: Instant) -> [String] {
    let terminal = Terminal.error
    var table = Table(rightAligned: [1, 2, 3])
    table.headings = ["", "right", "wrong", "other"]
    table.rows = state.families.map { family in
      [
        .init(family.name), .init("\(family.right)", .green),
        .init("\(family.wrong)", family.wrong > 0 ? .red : .faint),
        .init("\(family.other)", .faint),
      ]
    }
    let failures = state.failures.map { terminal.styled(terminal.fitted($0), .red) }
    return failures + table.lines(on: terminal) + [terminal.fitted(rest(state, now))]
  }

  /// How much is done, and how long the rest takes if it goes on like that.
  private func rest(_ state: State, _ now: Instant) -> String {
    let spent = max(1, now.nanoseconds(since: start))
    var left = Double(spent) / Double(max(1, state.done)) * Double(total - state.done) / 1e9
    if let budget { left = min(left, max(0, Double(budget.count) / 1e6 - Double(spent) / 1e9)) }
    let seconds = Int(left.rounded(.up))
    let time = seconds < 120 ? "\(seconds) s" : "\((seconds + 59) / 60) min"
    return
      "\(TextForm.grouped(state.done)) of \(TextForm.grouped(total)) cases, about \(time) left; "
      + "Ctrl-C ends and reports"
  }
}

extension TortureScreen.State {
  fileprivate mutating func add(_ result: CaseResult) {
    let place =
      families.firstIndex { $0.name == result.family }
      ?? {
        families.append((result.family, 0, 0, 0))
        return families.count - 1
      }()
    if result.judgement.isWrong {
      families[place].wrong += 1
      failures.insert("\(result.id): \(result.mainVerdict)", at: 0)
      failures = Array(failures.prefix(TortureScreen.failureLimit))
    } else if [.unknown, .harnessError].contains(result.judgement.content) {
      families[place].other += 1
    } else {
      families[place].right += 1
    }
  }
}
