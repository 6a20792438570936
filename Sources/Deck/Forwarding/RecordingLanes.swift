internal import Threads

/// Where recordings are taken in and written, beside the streams that they are of.
///
/// Each recording has a lane of its own, so that one which takes long (a body of many megabytes, a
/// dear `--redact`) holds up no other. What changes a cassette goes through the lane of its path,
/// in which recordings stand in the order in which they were whole: their places in the file and
/// the numbers under which they are served are the same.
final class RecordingLanes: Sendable {
  /// How many threads there may be of each kind.
  static let maxThreads = 4
  /// Threads that record stand back behind those that keep time.
  private static let niceness: Int32 = 5
  /// Cassettes share lanes, so that there is no lane to keep for each name that ever came up.
  private static let pathLanes = 16

  private let recording: WorkerPool
  private let finding: WorkerPool
  private let shelving: [WorkLane]
  private let writing: [WorkLane]

  init(threads: Int) {
    let threads = min(max(2, threads), Self.maxThreads)
    recording = WorkerPool(name: "deck-record", threads: threads, niceness: Self.niceness)
    // Of its own, since what is paid for must not wait for what is only said of it.
    finding = WorkerPool(name: "deck-reasons", threads: threads, niceness: Self.niceness)
    // Of its own, since it waits for the disk.
    let disk = WorkerPool(name: "deck-disk", threads: threads, niceness: Self.niceness)
    // Of its own too, since a recording is served before it is on disk.
    let shelves = WorkerPool(name: "deck-shelve", threads: 1, niceness: Self.niceness)
    shelving = (0..<Self.pathLanes).map { _ in WorkLane(shelves) }
    writing = (0..<Self.pathLanes).map { _ in WorkLane(disk) }
  }

  /// A lane for one recording.
  func lane() -> WorkLane { WorkLane(recording) }

  /// A lane in which it is found out why one recording is made.
  func reasons() -> WorkLane { WorkLane(finding) }

  /// Has something done to what is served of a cassette, and something to its file behind it.
  ///
  /// - Parameters:
  ///   - path: the cassette's file.
  ///   - serve: done in the order of the calls, soon.
  ///   - write: done in the order of the calls, when the disk has time.
  func change(
    _ path: String, serve: @escaping @Sendable () -> Void = {},
    write: @escaping @Sendable () -> Void
  ) {
    let number = Int(truncatingIfNeeded: UInt(bitPattern: path.hashValue) % UInt(Self.pathLanes))
    let lane = writing[number]
    shelving[number].submit {
      serve()
      lane.submit(write)
    }
  }
}
