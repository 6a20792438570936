internal import LosslessJSON

extension LoadJSON {
  /// The most bytes of a result that is read.
  package static let limitBytes = 64 << 20
  static let valueLimit = 1_000_000

  /// Reads what was written: the meter is the one that was measured.
  ///
  /// - Parameters:
  ///   - bytes: what is in the file.
  ///   - file: how it is called, for errors.
  /// - Returns: what was run, and what was measured.
  /// - Throws: where it is no result of a run.
  package static func report(_ bytes: [UInt8], file: String) throws(LoadFileError) -> LoadReport {
    guard bytes.count <= limitBytes else {
      throw LoadFileError(
        file, "has \(bytes.count) bytes; results of \(limitBytes) bytes at most are read")
    }
    let object = try LoadObject(parsing: bytes, file: file)
    var report = LoadReport(
      target: try object.text("target"), arrivals: try object.text("arrivals"),
      seed: try object.integer("seed", in: 0 ... .max),
      requestedPerSecond: object.isNull("requested_per_s")
        ? nil : try object.double("requested_per_s"),
      isOpen: try object.bool("open"), took: try object.nanoseconds("took_us"),
      at: try object.text("at"), meter: try LoadMeter(object),
      processorTime: object.isNull("processor_us") ? nil : try object.nanoseconds("processor_us"),
      shard: try shard(of: object), version: try object.text("version"))
    report.missingShards = try missing(of: object)
    return report
  }

  private static func shard(
    of object: LoadObject
  ) throws(LoadFileError) -> (number: Int, count: Int)? {
    if object.isNull("shard") { return nil }
    let parts = try object.text("shard").split(separator: "/").compactMap { Int($0) }
    guard parts.count == 2, (1...LoadMerge.shardLimit).contains(parts[1]),
      (1...parts[1]).contains(parts[0])
    else { throw object.error("shard", "null or a share like 2/4") }
    return (parts[0], parts[1])
  }

  private static func missing(of object: LoadObject) throws(LoadFileError) -> [Int] {
    let count = try object.array("missing_shards").count
    guard count <= LoadMerge.shardLimit else {
      throw object.error("missing_shards", "at most \(LoadMerge.shardLimit) numbers")
    }
    return try object.counts("missing_shards", count: count)
  }
}

extension LoadMeter {
  /// Reads what was written.
  init(_ object: LoadObject) throws(LoadFileError) {
    self.init(bounds: try Self.bounds(of: object))
    for count in Self.counts { self[keyPath: count.path] = try object.count(count.name) }
    earliest = try object.nanoseconds("earliest_us")
    firstDue = object.isNull("first_due_us") ? nil : try object.nanoseconds("first_due_us")
    lastDue = object.isNull("last_due_us") ? nil : try object.nanoseconds("last_due_us")
    outcomes = try Self.counts(object.object("outcomes"))
    notSent = try Self.counts(object.object("not_sent_by"))
    verifications = try Self.counts(object.object("verify"))
    let statuses = try object.object("statuses")
    for member in statuses.members {
      let key = String(decoding: member.key, as: UTF8.self)
      guard let status = Int(key), self.statuses.count <= Self.statusLimit else {
        throw statuses.error(key, "a status")
      }
      self.statuses[status] = try statuses.count(key)
    }
    let details = try object.object("details")
    guard details.members.count <= BoundedCounts.limit + 1 else {
      throw object.error("details", "at most \(BoundedCounts.limit + 1) texts")
    }
    for member in details.members {
      let key = String(decoding: member.key, as: UTF8.self)
      self.details.note(key, count: try details.count(key))
    }
    series = try LoadSeries(object.object("series"))
    let histograms = try object.object("histograms")
    for metric in LoadMetric.allCases {
      let key = metric.rawValue
      guard histograms.members.contains(where: { $0.hasKey(key) }) else { continue }
      self.histograms[metric.index] = try Self.histogram(histograms.object(key))
    }
  }

  private static func bounds(of object: LoadObject) throws(LoadFileError) -> StreamBounds {
    let text = try object.text("goodput")
    do {
      return text.isEmpty ? StreamBounds() : try StreamBounds(parsing: [text])
    } catch {
      throw object.error("goodput", "bounds like ttft<500ms")
    }
  }

  private static func counts<Key: CaseIterable & RawRepresentable<String> & Hashable>(
    _ object: LoadObject
  ) throws(LoadFileError) -> [Key: Int] {
    var counts: [Key: Int] = [:]
    for member in object.members {
      let name = String(decoding: member.key, as: UTF8.self)
      guard let key = Key(rawValue: name) else {
        let known = Key.allCases.map(\.rawValue).joined(separator: ", ")
        throw object.error(name, "one of \(known)")
      }
      counts[key] = try object.count(name)
    }
    return counts
  }

  private static func histogram(_ object: LoadObject) throws(LoadFileError) -> LatencyHistogram {
    let limit = UInt64(LatencyHistogram.limit)
    let histogram = LatencyHistogram(
      encoded: try object.bytes("hdr"), shortest: try object.integer("min_ns", in: 0...limit),
      longest: try object.integer("max_ns", in: 0...limit))
    guard let histogram else {
      throw object.error("hdr", "an HDR histogram of nanoseconds from min_ns to max_ns")
    }
    return histogram
  }
}
