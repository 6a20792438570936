package import Cassettes
internal import LosslessJSON

/// Reads when streams arrived from the lines of a trace, whichever form they have.
///
/// - CSV with a header that has a column `Timestamp`, in seconds, as BurstGPT has it;
/// - JSON objects, a line each, with `timestamp` in milliseconds, as Mooncake has it, or `t` in
///   seconds;
/// - JSON arrays, a line each, that begin with the time in seconds.
///
/// What else a line says, tokens or a conversation, is passed over.
package struct TraceReader: Sendable {
  /// The form of the lines.
  private enum Form {
    case table(column: Int)
    case objects(key: String, TraceTime.Unit)
    case arrays
  }

  private let path: String
  private var form: Form?
  private var number = 0
  private var last: TraceTime?
  private var trace = Trace()

  /// Begins with the first line of a file, which errors name.
  package init(path: String = "") { self.path = path }

  /// Takes a line, without its end.
  ///
  /// - Throws: An error of kind `badData` where it says no time, or one before the last line's.
  package mutating func take(_ line: [UInt8]) throws(CassetteError) {
    number += 1
    // A mark of the byte order, as spreadsheets write it.
    let line = number == 1 && line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line[...]
    guard line.contains(where: { !Self.isBlank($0) }) else { return }
    guard let form else {
      self.form = try form(of: line)
      if case .table = self.form { return }
      return try take(line, as: self.form ?? .arrays)
    }
    try take(line, as: form)
  }

  /// The trace, once all lines have been taken.
  ///
  /// - Throws: An error of kind `badData` where there was no arrival.
  package func finish() throws(CassetteError) -> Trace {
    guard trace.count > 0 else {
      throw CassetteError(
        .badData, "has no arrival: expected CSV with a column Timestamp, or lines of JSON",
        path: path)
    }
    return trace
  }

  private mutating func take(_ line: ArraySlice<UInt8>, as form: Form) throws(CassetteError) {
    let time: TraceTime
    switch form {
    case .table(let column): time = try self.time(inColumn: column, of: line)
    case .objects(let key, let unit):
      let value = try json(line)[key]
      guard let value else { throw error("has no '\(key)', which the first line has") }
      time = try self.time(value, unit)
    case .arrays:
      guard let value = try json(line).elements?.first else {
        throw error("is not an array that begins with a time, as the first line is")
      }
      time = try self.time(value, .seconds)
    }
    try append(time)
  }

  private mutating func append(_ time: TraceTime) throws(CassetteError) {
    guard trace.count < Trace.limit else {
      throw error("is arrival \(trace.count + 1): a trace has at most \(Trace.limit): cut the file")
    }
    guard trace.append(time.nanoseconds) else {
      let before = last.map { "\($0)" } ?? "the last one"
      throw error("has the time \(time), which is before \(before): sort the lines by time")
    }
    last = time
  }

  private func error(_ reason: String) -> CassetteError {
    CassetteError(.badData, reason, path: path, line: number)
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }
}

extension TraceReader {
  /// The form that the first line has.
  private func form(of line: ArraySlice<UInt8>) throws(CassetteError) -> Form {
    switch line.first(where: { !Self.isBlank($0) }) {
    case UInt8(ascii: "["): return .arrays
    case UInt8(ascii: "{"):
      let object = try json(line)
      if object["timestamp"] != nil { return .objects(key: "timestamp", .milliseconds) }
      if object["t"] != nil { return .objects(key: "t", .seconds) }
      throw error("has neither 'timestamp' (milliseconds) nor 't' (seconds)")
    default:
      let names = CSVLine.fields(of: line)
      let column = names.firstIndex { $0.lowercased() == "timestamp" }
      guard let column else {
        let found = TraceTime.excerpt(String(decoding: line, as: UTF8.self))
        throw error(
          "is no line of JSON and names no column 'Timestamp': found '\(found)': "
            + "write a header, or JSON")
      }
      return .table(column: column)
    }
  }

  private func time(
    inColumn column: Int, of line: ArraySlice<UInt8>
  ) throws(CassetteError) -> TraceTime {
    let fields = CSVLine.fields(of: line)
    guard column < fields.count else {
      throw error("has \(fields.count) columns, where the time is column \(column + 1)")
    }
    return try time(fields[column], .seconds)
  }

  private func time(
    _ value: JSONValue, _ unit: TraceTime.Unit
  ) throws(CassetteError) -> TraceTime {
    guard case .number(let text) = value else {
      throw error("has a time that is no number: write \(unit.rawValue)")
    }
    return try time(text, unit)
  }

  private func time(_ text: String, _ unit: TraceTime.Unit) throws(CassetteError) -> TraceTime {
    guard let time = TraceTime(text, unit) else {
      throw error(
        "has the time '\(TraceTime.excerpt(text))', which is not a number of \(unit.rawValue) "
          + "from 0 on")
    }
    return time
  }

  private func json(_ line: ArraySlice<UInt8>) throws(CassetteError) -> JSONValue {
    do {
      return try JSONValue(parsing: Array(line))
    } catch {
      throw self.error("is not JSON: \(error)")
    }
  }
}

extension Trace {
  /// Reads a file line by line, plain or compressed by gzip.
  ///
  /// - Throws: An error of kind `noInput` where there is no such file, of kind `badData` where it
  ///   is no trace.
  package init(path: String) throws(CassetteError) {
    var lines = try TextLines(path: path)
    var reader = TraceReader(path: path)
    while let line = try lines.next() { try reader.take(line) }
    self = try reader.finish()
  }
}
