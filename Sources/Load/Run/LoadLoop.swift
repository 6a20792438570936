internal import Libc
internal import Loading
internal import Sockets
internal import Units

/// One event loop of the generator: a thread that begins streams when they are due, and reads them
/// as they come.
///
/// What is due goes before what can be read, also between two sockets of one wait: however much
/// comes, a stream is asked for when the schedule wants it. It belongs to its thread and is used
/// nowhere else.
final class LoadLoop {
  /// Which of how many loops it is, by which places are shared out.
  struct Share {
    var index: Int
    var count: Int

    /// The part of a number that is this one's.
    func part(of total: Int) -> Int { total / count + (index < total % count ? 1 : 0) }
  }

  struct Wake: BitwiseCopyable {
    var connection: ConnectionTable.ID
  }

  /// How many sockets one wait tells of.
  private static let batch = 64
  /// Timeouts and cancels are noticed up to so much later.
  static let gridNanoseconds: Int64 = 1_000_000
  /// Some 4 s of ticks; what is due later waits for its round.
  private static let slotsLog2 = 12
  /// How often it tells what has happened, and looks whether it is to stop.
  private static let reportNanoseconds: Int64 = 50_000_000
  /// What one read takes at the most.
  private static let scratchBytes = 128 << 10

  let scene: LoadScene
  let desk: OrderDesk
  let share: Share
  let stop: LoadStop
  let report: LoopReport
  let poller: Poller
  var connections = ConnectionTable()
  var wheel = TimingWheel<Wake>(slotsLog2: LoadLoop.slotsLog2, start: 0)
  var wheelDeadline = Int64.max
  private var woken: [Wake] = []
  /// Connections that have more to read than one read takes.
  var unread: [ConnectionTable.ID] = []
  let scratch: UnsafeMutableRawBufferPointer

  var meter: LoadMeter
  var news = LoopReport.State()
  private var reportedAt: Int64 = 0

  // Orders; see `LoadLoop+Orders`.
  var ahead: StreamOrder?
  var aheadDue = Int64.max
  var dues = DueQueue()
  var isExhausted = false
  var isClosing = false
  var inFlight = 0
  let maxInFlight: Int
  let maxConnections: Int
  /// When there were no more orders, when the run was over, and when content came last.
  var exhaustedAt: Int64 = 0
  var drainsFrom: Int64 = 0
  var lastContent: Int64 = 0
  /// Which of the target's addresses answers.
  var address = 0
  var span: (first: Int64, last: Int64)?

  init(
    _ scene: LoadScene, _ desk: OrderDesk, share: Share, stop: LoadStop, report: LoopReport
  ) throws(SystemError) {
    self.scene = scene
    self.desk = desk
    self.share = share
    self.stop = stop
    self.report = report
    meter = scene.emptyMeter
    maxInFlight = share.part(of: max(share.count, scene.options.maxInFlight))
    maxConnections = share.part(of: max(share.count, scene.options.maxConnections))
    poller = try Poller(batch: Self.batch)
    scratch = .allocate(byteCount: Self.scratchBytes, alignment: 16)
  }

  deinit { scratch.deallocate() }

  /// Runs until all that was asked for has ended; blocks its thread meanwhile.
  func run() {
    Poller.beginThread()
    scene.begin()
    for _ in 0..<(desk.places.map(share.part) ?? 0) { dues.insert(DueQueue.Item(at: 0)) }
    while true {
      var now = beginDue(scene.now)
      wake(now)
      watchEnd(now)
      if isClosing, inFlight == 0 { break }
      let count = poller.wait(nanoseconds: patience(at: scene.now))
      now = scene.now
      for index in 0..<count {
        let (id, readiness) = poller[index]
        let readyID = ConnectionTable.ID(bits: id)
        if let connection = connections[readyID] {
          socketIsReady(connection, readyID, readiness, &now)
        }
        if now >= nextDue { now = beginDue(now) }
      }
      readRest(&now)
    }
    tell(scene.now)
  }

  /// For how long there is nothing to do by itself.
  private func patience(at now: Int64) -> Int64 {
    guard unread.isEmpty else { return 0 }
    let next = min(nextDue, wheelDeadline, reportedAt + Self.reportNanoseconds)
    return max(0, next - now)
  }

  /// Ends what is over, and tells what has happened, every now and then.
  private func watchEnd(_ now: Int64) {
    if isExhausted || isClosing || !isBefore(end: now) { closeIfOver(now) }
    if now - reportedAt >= Self.reportNanoseconds { tell(now) }
  }

  private func tell(_ now: Int64) {
    reportedAt = now
    report.add(&news)
  }

  // MARK: Times of connections

  /// Has a connection looked at when the first of its times is over.
  func wake(_ connection: LoadConnection, _ id: ConnectionTable.ID, at time: Int64) {
    guard time < connection.wakesAt else { return }
    connection.wakesAt = time
    let tick = max(0, time + Self.gridNanoseconds - 1) / Self.gridNanoseconds
    wheel.insert(Wake(connection: id), at: Int(tick))
    wheelDeadline = min(wheelDeadline, tick * Self.gridNanoseconds)
  }

  /// Looks at the connections whose time may be over.
  private func wake(_ now: Int64) {
    guard wheelDeadline <= now else { return }
    _ = wheel.take(upTo: Int(now / Self.gridNanoseconds), atMost: .max, into: &woken)
    for wake in woken {
      guard let connection = connections[wake.connection] else { continue }
      connection.wakesAt = .max
      timeIsOver(connection, wake.connection, now)
    }
    woken.removeAll(keepingCapacity: true)
    wheelDeadline = wheel.next.map { Int64($0) * Self.gridNanoseconds } ?? .max
  }
}
