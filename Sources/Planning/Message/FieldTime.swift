internal import HTTP

/// A header field that names a time which lies so far behind the answer.
package struct FieldTime: Hashable, Sendable {
  /// The field.
  package var name: String

  /// The value that the plan has, `2026-11-22T11:00:01Z`: a field with another one is not meant.
  package var value: String

  /// How far the time lies behind the answer.
  package var lead: Duration

  /// Where the value stands in a head, or nil where the field is not there with that value.
  func place(in head: [UInt8]) -> Range<Int>? {
    let line = Array("\r\n\(name): \(value)\r\n".utf8)
    let start = head.indices.first { head[$0...].starts(with: line) }
    return start.map { start in
      let end = start + line.count - 2
      return end - value.utf8.count..<end
    }
  }
}
