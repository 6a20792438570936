import Cassettes
import Dialects
import EventStream
import HTTP
import LosslessJSON
import Planning

/// A cassette as text that a reviewer compares with another version of it: what was asked, what
/// came, event by event, and how it ended.
///
/// It says nothing of times and of how the bytes were cut into chunks, which differ between any two
/// recordings, and numbers nothing, since one more event would change all that follow.
/// (gitattributes(5), textconv)
struct CassetteText {
  /// The file; `git` gives it any name.
  let file: String

  /// Only this exchange, from 1.
  let exchange: Int?

  /// How much of a file that is no cassette is shown.
  private static let rawBytes = 1 << 20

  /// How deeply JSON may be nested to be shown a member a line.
  private static let nesting = 64

  /// Writes the text.
  ///
  /// A file that is damaged or no cassette is no failure: `git log` would end with the first such
  /// version.
  ///
  /// - Throws: where there is no file.
  func write(limits: CassetteLimits) throws {
    var number = 0
    do {
      var reader = try CassetteReader(path: file, limits: limits)
      while let next = try reader.next() {
        number += 1
        guard exchange ?? number == number else { continue }
        // One write for all of it: a line each would cost more than the reading.
        Console.print(Self.lines(of: next, number).joined(separator: "\n"))
      }
    } catch {
      guard error.kind != .noInput else { throw error }
      if number == 0 { return writeRaw(error) }
      Console.print("damaged: \(reason(error))")
    }
  }

  /// Writes a file that is no cassette: a pointer to one, as Git LFS has it, or one that was
  /// written by hand and is not right yet.
  private func writeRaw(_ error: CassetteError) {
    let bytes = try? InputFile.read(file, limitBytes: Self.rawBytes)
    if let bytes, bytes.isEmpty { return }
    Console.print("not a cassette: \(reason(error))")
    guard let bytes else { return }
    guard bytes.contains(0) else { return Self.plainLines(of: bytes).forEach(Console.print) }
    // Otherwise two versions of what is encrypted would have the same text.
    let sum = String(Checksum.crc32(bytes[...]), radix: 16)
    Console.print("  \(TextForm.count(bytes.count, "byte")) that are no text, with CRC-32 \(sum)")
  }

  /// Why a file cannot be read, without its name, which is a different one at each call.
  private func reason(_ error: CassetteError) -> String {
    let place = error.line.map { "line \($0): " } ?? ""
    return TextForm.oneLine(place + error.reason.replacing(file, with: "FILE"))
  }

  /// The lines of an exchange.
  private static func lines(of exchange: Exchange, _ number: Int) -> [String] {
    let request = exchange.request
    var lines = number == 1 ? [] : [""]
    lines.append(TextForm.oneLine("\(request.method) \(request.url ?? request.target)"))
    if request.url != nil, let path = request.path {
      lines.append("  asked as \(TextForm.oneLine(path))")
    }
    lines += request.headers.map(line) + body(request.body)
    lines += answer(of: exchange)
    lines.append(ending(of: exchange))
    return lines
  }

  private static func line(of field: HeaderField) -> String {
    "  \(TextForm.oneLine("\(field.name): \(field.value)"))"
  }

  private static func answer(of exchange: Exchange) -> [String] {
    guard let head = exchange.head else { return [] }
    // It says when the answer came, and nothing else.
    let headers = head.headers.filter { !$0.isNamed("date") }
    let events = ExchangeJSON.events(of: exchange)
    let content =
      exchange.isEventStream || !events.isEmpty ? events.map(line) : body(exchange.body)
    return ["status \(head.status)"] + headers.map(line) + content
      + (exchange.trailers?.fields ?? []).map(line)
  }

  /// An event; JSON without the blanks that some providers put in it at random.
  private static func line(of event: ServerSentEvent) -> String {
    let value = try? JSONValue(parsing: Array(event.data.utf8), nesting: nesting)
    let data = value.map { String(decoding: $0.bytes, as: UTF8.self) } ?? event.data
    return TextForm.oneLine("\(event.type)  \(data)")
  }

  private static func ending(of exchange: Exchange) -> String {
    let ending = exchange.ending
    let stage = ending.stage.map { " (\($0.rawValue))" } ?? ""
    let detail = ending.detail.map { ": \($0)" } ?? ""
    var line = "ended \(ending.how.rawValue)\(stage)\(detail)"
    let message = ExchangeMessage(of: exchange)
    if let reason = message.completeness.reason {
      line += "; the message is incomplete: \(reason)"
    } else if let stop = message.accumulator.stopReason {
      line += "; the message is whole: \(stop)"
    }
    return TextForm.oneLine(line)
  }

  /// A body that is no event stream: JSON a member a line, text as it is.
  private static func body(_ bytes: [UInt8]) -> [String] {
    guard !bytes.isEmpty else { return [] }
    if let value = try? JSONValue(parsing: bytes, nesting: nesting) {
      return IndentedJSON(value, indent: 2).lines
    }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      return ["  \(TextForm.count(bytes.count, "byte")) that are no text"]
    }
    return plainLines(of: Array(text.utf8))
  }

  private static func plainLines(of bytes: [UInt8]) -> [String] {
    let text = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
    return text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      "  \(TextForm.oneLine(String(decoding: $0, as: UTF8.self)))"
    }
  }
}
