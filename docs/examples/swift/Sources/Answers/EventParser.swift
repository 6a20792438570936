import Foundation

/// The data of events of an event stream, as its bytes come. (WHATWG HTML, 9.2.6)
struct EventParser {
  private var line: [UInt8] = []
  private var data: [String] = []
  private var isFirstLine = true
  private var endsWithCR = false

  /// Takes bytes, and returns the data of the events that are whole with them.
  mutating func take(_ bytes: Data) -> [String] {
    var events: [String] = []
    for byte in bytes {
      // A line ends with LF, CR or both, which may come apart.
      let isRest = endsWithCR && byte == 0x0A
      endsWithCR = byte == 0x0D
      if isRest { continue }
      guard byte == 0x0A || byte == 0x0D else {
        line.append(byte)
        continue
      }
      if let event = endLine() { events.append(event) }
    }
    return events
  }

  /// Takes a whole line, and returns the data of the event that it ends.
  private mutating func endLine() -> String? {
    var text = String(decoding: line, as: UTF8.self)
    line.removeAll(keepingCapacity: true)
    if isFirstLine, text.hasPrefix("\u{FEFF}") { text.removeFirst() }
    isFirstLine = false
    guard !text.isEmpty else {
      defer { data = [] }
      return data.isEmpty ? nil : data.joined(separator: "\n")
    }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts[0] == "data" else { return nil }
    let value = parts.count > 1 ? parts[1] : ""
    data.append(String(value.hasPrefix(" ") ? value.dropFirst() : value))
    return nil
  }
}
