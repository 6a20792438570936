import Foundation

/// How long the processor worked on a body, which other tests beside it do not change.
package func processorTime(of body: () throws -> Void) rethrows -> Duration {
  let before = processorTime()
  try body()
  return processorTime() - before
}

private func processorTime() -> Duration {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return .seconds(Int(time.tv_sec)) + .nanoseconds(Int(time.tv_nsec))
}
