/// What a stream is measured by; each metric has a histogram of its own, in nanoseconds.
///
/// A stream counts in those that it got as far as, unless its answer was a status of 400 or more or
/// no event stream: the first byte of a refusal says nothing about streams.
package enum LoadMetric: String, CaseIterable, Hashable, Sendable {
  /// From when the stream was to begin until the generator began with it: the generator's own
  /// lateness, which has to be next to nothing for the rest to be the server's.
  case dispatch
  /// From the scheduled start to the first byte of the answer.
  case ttfb
  /// From the scheduled start to the first event with content.
  case ttft
  /// From the scheduled start to the second event with content.
  case second
  /// The times between two events of a stream, pooled: long streams weigh more.
  case gap
  /// How much later than recorded each event came; those that came early are counted apart.
  case late
  /// From the scheduled start to the end of a stream that came whole.
  case stream
  /// The mean time between the events with content of a stream that came whole: each weighs as one.
  case gapMean = "gap_mean"
  /// Time per output token of a stream that came whole, by vLLM's formula: from the first token to
  /// the last, by the number of tokens less one.
  case tpot
  /// The longest time between two events of a stream.
  case longestGap = "longest_gap"
  /// From the scheduled start to the end of a stream that did not come whole; without those that
  /// this side left, which end when it wants.
  case broken
  /// From the actual send to the first byte.
  case ttfbSent = "ttfb_sent"
  /// From the actual send to the first event with content.
  case ttftSent = "ttft_sent"
  /// From the actual send to the second event with content.
  case secondSent = "second_sent"
  /// From the actual send to the end of a stream that came whole.
  case streamSent = "stream_sent"

  /// Its place among all of them.
  var index: Int {
    switch self {
    case .dispatch: 0
    case .ttfb: 1
    case .ttft: 2
    case .second: 3
    case .gap: 4
    case .late: 5
    case .stream: 6
    case .gapMean: 7
    case .tpot: 8
    case .longestGap: 9
    case .broken: 10
    case .ttfbSent: 11
    case .ttftSent: 12
    case .secondSent: 13
    case .streamSent: 14
    }
  }
}
