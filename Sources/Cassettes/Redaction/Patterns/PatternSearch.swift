/// Finds what one pattern matches in bytes that grow.
///
/// It goes through the text byte by byte with all ways to match at once (Thompson, 1968), so that no
/// pattern needs more than a bounded number of steps for a byte, and nothing depends on how the bytes
/// were cut. Of several matches the leftmost counts, and of those that begin there the one that the
/// pattern prefers.
struct PatternSearch: Sendable {
  /// The longest match, and what is withheld at most.
  static let limitBytes = 4096
  /// Up to so many bytes a match is found wherever it stands.
  ///
  /// Of one that is longer, another may hide the beginning.
  static let sureBytes = 2048

  /// One way to match.
  private struct Thread {
    var place: Int
    var start: Int
    /// Where groups begin and end, in turns.
    var marks: [Int] = []
  }

  private let program: PatternProgram

  /// The bytes before this are settled.
  private(set) var position = 0
  /// The first byte that was not looked at.
  private var next = 0
  private var previous: UInt8?
  /// The ways that are open, those that count more before others.
  private var threads: [Thread] = []
  private var before: [Thread] = []
  private var open: [Thread] = []
  private var best: (thread: Thread, end: Int)?
  /// Whether a match was cut off at the limit: the word that it is in goes too.
  private var goesOn = false
  /// Of each place the step that saw it last, so that it is seen once a step.
  private var seen: [UInt32]
  private var step: UInt32 = 0

  init(_ pattern: RedactionPattern) {
    program = pattern.program
    seen = Array(repeating: 0, count: program.instructions.count)
  }

  /// Looks at what has come since the last call.
  mutating func search(_ bytes: [UInt8], isFinal: Bool, _ covers: inout [Cover]) {
    while true {
      if goesOn { coverWord(in: bytes, &covers) }
      if threads.isEmpty, best == nil { skip(in: bytes) }
      guard next < bytes.count || isFinal && !(threads.isEmpty && best == nil) else { break }
      examine(next < bytes.count ? bytes[next] : nil, in: bytes)
      if let found = best, threads.isEmpty || isOverlong {
        goesOn = isOverlong && found.end == next
        Self.report(found.thread, end: found.end, in: bytes, &covers)
        restart(at: found.end, in: bytes)
      } else if isOverlong, let first = threads.first {
        restart(at: first.start + Self.sureBytes, in: bytes)
      } else if next < bytes.count {
        previous = bytes[next]
        next += 1
      }
    }
    position = threads.first?.start ?? next
    if let best { position = min(position, best.thread.start) }
  }

  private var isOverlong: Bool {
    threads.first.map { next - $0.start >= Self.limitBytes } ?? false
  }

  /// Passes over what cannot begin a match.
  private mutating func skip(in bytes: [UInt8]) {
    let start = next
    while next < bytes.count, !program.firstBytes.contains(bytes[next]) { next += 1 }
    if next > start { previous = bytes[next - 1] }
  }

  private mutating func restart(at place: Int, in bytes: [UInt8]) {
    threads = []
    best = nil
    next = place
    previous = place > 0 ? bytes[place - 1] : nil
  }

  /// Covers the rest of a word, to the next space, quote or line end.
  private mutating func coverWord(in bytes: [UInt8], _ covers: inout [Cover]) {
    let end =
      bytes[next...].firstIndex { $0 <= 0x20 || "\"'`<>".utf8.contains($0) } ?? bytes.count
    if end > next { covers.append(Cover(range: next..<end)) }
    goesOn = end == bytes.count
    restart(at: end, in: bytes)
  }

  /// Takes the byte at `next`, or the end of the text.
  private mutating func examine(_ byte: UInt8?, in bytes: [UInt8]) {
    step &+= 1
    // A place that was seen 2^32 steps ago must not look as if it were now.
    if step == 0 {
      seen = Array(repeating: 0, count: seen.count)
      step = 1
    }
    let isBoundary = bytes.isCharacterBoundary(next)
    swap(&threads, &before)
    threads.removeAll(keepingCapacity: true)
    if best == nil, isBoundary { before.append(Thread(place: 0, start: next)) }
    for index in before.indices where !follow(before[index], byte, isBoundary) { return }
  }

  /// Goes with one thread to each byte that it can take; false where it matches, so that no thread
  /// behind it counts.
  private mutating func follow(_ thread: Thread, _ byte: UInt8?, _ isBoundary: Bool) -> Bool {
    open.removeAll(keepingCapacity: true)
    open.append(thread)
    while var thread = open.popLast() {
      guard seen[thread.place] != step else { continue }
      seen[thread.place] = step
      let instruction = program.instructions[thread.place]
      thread.place += 1
      switch instruction {
      case .take(let set):
        if let byte, set.contains(byte) { threads.append(thread) }
      case .split(let first, let second):
        thread.place = second
        open.append(thread)
        thread.place = first
        open.append(thread)
      case .jump(let target):
        thread.place = target
        open.append(thread)
      case .assert(let assertion):
        if assertion.holds(between: previous, and: byte) { open.append(thread) }
      case .groupStart:
        // A group that goes on where it ended is one.
        if thread.marks.last == next {
          thread.marks.removeLast()
        } else {
          thread.marks.append(next)
        }
        open.append(thread)
      case .groupEnd:
        thread.marks.append(next)
        open.append(thread)
      case .match:
        guard isBoundary, next > thread.start else { continue }
        best = (thread, next)
        return false
      }
    }
    return true
  }

  /// Adds what a match covers: its groups where it has some, with every character that they touch.
  private static func report(
    _ match: Thread, end: Int, in bytes: [UInt8], _ covers: inout [Cover]
  ) {
    guard !match.marks.isEmpty else { return covers.append(Cover(range: match.start..<end)) }
    for index in stride(from: 1, to: match.marks.count, by: 2) {
      var (low, high) = (match.marks[index - 1], match.marks[index])
      while low > match.start, !bytes.isCharacterBoundary(low) { low -= 1 }
      while high < end, !bytes.isCharacterBoundary(high) { high += 1 }
      if low < high { covers.append(Cover(range: low..<high)) }
    }
  }
}
