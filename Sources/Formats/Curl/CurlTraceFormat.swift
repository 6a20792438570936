internal import Documents

/// What `curl --trace` and `curl --trace-ascii` write.
package struct CurlTraceFormat: ImportFormat {
  package let name = "curl-trace"
  package let title = "curl --trace or --trace-ascii"

  /// Creates the format.
  package init() {}

  package func recognizes(_ opening: Opening) -> Certainty {
    var clock = CurlClock()
    let isTrace = opening.lines.contains { line in
      CurlTraceRecords.heading(of: clock.take(line).rest) != nil
    }
    return isTrace ? .certain : .no
  }

  package func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    var records = CurlTraceRecords(input)
    // Transfers that go on at the same time are told apart by their numbers, where these are there.
    var conversations: [Int: CurlConversation] = [:]
    var numbers: [Int] = []
    var count = 0
    func counting(_ capture: Capture) throws {
      count += 1
      try emit(capture)
    }
    while let record = try records.next() {
      let number = record.transfer ?? -1
      if conversations[number] == nil {
        conversations[number] = CurlConversation()
        numbers.append(number)
      }
      conversations[number]?.manner.isPrintable = records.isPrintable
      try conversations[number]?.take(record, counting)
    }
    for number in numbers { try conversations[number]?.finish(counting) }
    guard count > 0 else {
      throw ImportError(
        "expected a request, \"=> Send header\", found none", line: records.lineNumber)
    }
  }
}
