internal import Loading

/// What is noted of the events of one stream as they come.
struct EventTimes {
  /// When the last event came, in nanoseconds from the start of the run.
  private(set) var last: Int64?

  /// Notes an event.
  ///
  /// - Parameters:
  ///   - hasContent: whether the model says something in it.
  ///   - now: when it came.
  ///   - record: what is known of its stream.
  ///   - meter: what the pooled times go to.
  @inline(__always)
  mutating func note(
    hasContent: Bool, at now: Int64, _ record: inout StreamRecord, _ meter: inout LoadMeter
  ) {
    record.events &+= 1
    if let last {
      let gap = now &- last
      if gap > record.longestGap { record.longestGap = gap }
      if !record.order.isWarmup { meter.note(gap: gap, at: now) }
    }
    last = now
    guard hasContent else { return }
    record.contentEvents &+= 1
    record.lastContent = now
    if record.contentEvents == 1 { record.firstContent = now }
    if record.contentEvents == 2 { record.secondContent = now }
  }
}
