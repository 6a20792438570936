internal import Documents

extension MadeDelivery {
  /// What a fixture of aimock says: a profile counts more than recorded times, those more than a
  /// latency.
  init(fixture: Node) throws(ImportError) {
    eventLimit = try fixture.wholeNumber("truncateAfterChunks")
    timeLimit = fixture["disconnectAfterMs"]?.double
    let speed = fixture["replaySpeed"]?.double ?? 1
    guard let pause = try Self.pause(of: fixture) else {
      pauses = nil
      return
    }
    pauses = { speed > 0 ? pause($0) / speed : pause($0) }
  }

  private static func pause(of fixture: Node) throws(ImportError) -> ((Int) -> Double)? {
    if let profile = fixture["streamingProfile"], !profile.isNull {
      let rate = profile["tps"]?.double ?? 0
      let gap = rate > 0 ? 1000 / rate : fixture["latency"]?.double ?? 0
      let first = profile["ttft"]?.double ?? gap
      return { $0 == 0 ? first : gap }
    }
    if let timings = fixture["recordedTimings"], !timings.isNull {
      try timings.checkMapping("recordedTimings")
      let first = timings["ttftMs"]?.double ?? 0
      let gaps = (timings["interChunkDelaysMs"]?.items ?? []).map { $0.double ?? 0 }
      // More events than were recorded come with the pause that was usual.
      let usual = gaps.isEmpty ? 0 : gaps.reduce(0, +) / Double(gaps.count)
      return { $0 == 0 ? first : $0 <= gaps.count ? gaps[$0 - 1] : usual }
    }
    return fixture["latency"]?.double.map { latency in { _ in latency } }
  }
}
