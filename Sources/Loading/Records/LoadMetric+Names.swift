internal import Planning

extension LoadMetric {
  /// What other tools call the metrics.
  private static let otherNames: [(name: String, metric: LoadMetric)] = [
    ("itl", .gap), ("inter_token_latency", .gap), ("inter_event_gap", .gap), ("gaps", .gap),
    ("time_to_first_token", .ttft), ("first_token", .ttft), ("ttfe", .ttft),
    ("time_to_first_byte", .ttfb), ("first_byte", .ttfb), ("time_to_second_token", .second),
    ("ttst", .second), ("time_per_output_token", .tpot), ("e2e", .stream), ("e2el", .stream),
    ("latency", .stream), ("request_latency", .stream), ("duration", .stream),
    ("schedule_delay", .dispatch), ("request_dispatch_delay", .dispatch),
  ]

  /// The name, among those that may stand there, that another one was meant to be.
  static func meant(by name: String, among names: [String]) -> String? {
    let known = otherNames.first { $0.name == name.lowercased() }?.metric
    // Where the pooled gaps cannot stand, the mean of a stream's own does.
    let meant = known == .gap && !names.contains("gap") ? .gapMean : known
    if let meant, names.contains(meant.rawValue) { return meant.rawValue }
    if name == "gap", names.contains("gap_mean") { return "gap_mean" }
    return Spelling.nearest(to: name, among: names)
  }
}
