internal import Synchronization

/// Lets requests that are prepared side by side pass in the order in which they came.
///
/// Which attempt a request is depends on what came before it in its session, and its body is known
/// only after work that takes as long as the body is large. So a request takes a ticket when it is
/// whole, and what depends on the order happens when all that hold an earlier ticket of the same
/// line have passed. Nobody waits: who comes too early leaves word, and is called by the one in
/// front.
final class Turnstile: Sendable {
  /// Those that wait for each other.
  enum Line: Hashable, Sendable {
    /// The requests of a session with a name.
    case session(String)
    /// Of the others only those that may be equal: one large body must not hold up all clients.
    case requests(method: String, target: String, bodyBytes: Int)
  }

  /// A place in a line.
  struct Ticket: Sendable {
    fileprivate let line: Line
    let number: Int
  }

  private struct Waiting {
    /// The ticket whose turn it is, and the one that is given out next.
    var turn = 0
    var next = 0
    var isPassing = false
    var ready: [Int: @Sendable () -> Void] = [:]

    /// What may happen now, if anything.
    mutating func take() -> (@Sendable () -> Void)? {
      let work = ready.removeValue(forKey: turn)
      isPassing = work != nil
      return work
    }
  }

  private let lines = Mutex<[Line: Waiting]>([:])
  private let lineCount = Atomic(0)

  /// Whether anybody holds a ticket.
  var isBusy: Bool { lineCount.load(ordering: .relaxed) > 0 }

  /// Whether anybody of a line holds a ticket.
  func isBusy(_ line: Line) -> Bool { isBusy && lines.withLock { $0[line] != nil } }

  /// Gives out the next ticket of a line, with which `pass` must be called once.
  func ticket(in line: Line) -> Ticket {
    lines.withLock { lines in
      let number = lines[line]?.next ?? 0
      lines[line, default: Waiting()].next = number + 1
      lineCount.store(lines.count, ordering: .relaxed)
      return Ticket(line: line, number: number)
    }
  }

  /// Does something when everybody in front has passed: now, or on the thread of the last of them.
  func pass(_ ticket: Ticket, _ work: @escaping @Sendable () -> Void) {
    var due = lines.withLock { lines -> (@Sendable () -> Void)? in
      lines[ticket.line]?.ready[ticket.number] = work
      guard lines[ticket.line]?.isPassing == false else { return nil }
      return lines[ticket.line]?.take()
    }
    while let work = due {
      work()
      due = lines.withLock { lines in
        guard var waiting = lines[ticket.line] else { return nil }
        waiting.turn += 1
        let next = waiting.take()
        lines[ticket.line] = waiting.turn == waiting.next ? nil : waiting
        lineCount.store(lines.count, ordering: .relaxed)
        return next
      }
    }
  }
}
