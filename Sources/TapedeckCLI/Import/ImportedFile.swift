import Cassettes
import EventStream
import Formats
import LosslessJSON
import Redaction

/// What became of a file that was to be imported.
struct ImportedFile {
  /// Its path.
  let path: String
  /// The name of its format, where that is known.
  var format: String?
  /// What came of it, in order.
  var exchanges: [ImportedExchange] = []
  /// The cassette, where it has one of its own.
  var cassette: String?
  /// Whether it was passed over, since nobody knows its format.
  var isUnknown = false
  /// Why nothing of it was imported, or nil.
  var failure: Failure?
  /// What its reader says of it as a whole.
  var notes: [String] = []

  init(path: String) { self.path = path }

  /// What of the file the exchanges do not hold, each once, with the numbers of its exchanges.
  var losses: [(loss: String, numbers: [Int])] {
    var losses: [(loss: String, numbers: [Int])] = []
    for exchange in exchanges {
      for loss in exchange.losses {
        if let place = losses.firstIndex(where: { $0.loss == loss }) {
          losses[place].numbers.append(exchange.number)
        } else {
          losses.append((loss, [exchange.number]))
        }
      }
    }
    return losses
  }

  /// The file for machines.
  var json: JSONValue {
    .object([
      .init("file", .string(path)),
      .init("format", format.map(JSONValue.string) ?? .null),
      .init("cassette", cassette.map(JSONValue.string) ?? .null),
      .init("error", failure.map { .string($0.description) } ?? .null),
      .init("notes", .array(notes.map(JSONValue.string))),
      .init("exchanges", .array(exchanges.map(\.json))),
    ])
  }
}

extension ImportedFile {
  /// The same with what is secret covered in all that is said: readers quote what they found.
  func redacted(by rules: RedactionRules) -> ImportedFile {
    let redact = { (text: String) in Redactor.redact(text: text, by: rules) }
    var file = self
    file.failure = failure.map { Failure($0.code, redact($0.description)) }
    file.notes = notes.map(redact)
    for index in exchanges.indices {
      file.exchanges[index].losses = exchanges[index].losses.map(redact)
    }
    return file
  }
}

/// Takes what a reader says of a file while it reads.
final class ImportNotes {
  var lines: [String] = []
}

/// What is said of an exchange that was imported.
struct ImportedExchange: Sendable {
  /// Its number in the file, from 1.
  let number: Int
  let method: String
  let path: String
  let status: Int?
  let events: Int
  let bytes: Int
  let timing: String
  let how: String
  let knowsFraming: Bool
  fileprivate(set) var losses: [String]

  init(_ finished: CaptureFinisher.Finished, number: Int) {
    let exchange = finished.exchange
    self.number = number
    method = exchange.request.method
    path = Self.path(of: exchange.request)
    status = exchange.head?.status
    events = EventIndex.count(of: exchange.body)
    bytes = exchange.body.count
    timing = exchange.request.timing.rawValue
    how = exchange.ending.how.rawValue
    knowsFraming = finished.knowsFraming
    losses = finished.losses
  }

  /// The path and query that were asked, or the text as it is where it is no URL.
  private static func path(of request: RecordedRequest) -> String {
    guard request.path == nil, let url = request.url, url.firstRange(of: "://") == nil else {
      return request.target
    }
    return url
  }

  /// The exchange for machines.
  var json: JSONValue {
    .object([
      .init("number", .number(number)),
      .init("method", .string(method)),
      .init("path", .string(path)),
      .init("status", status.map { .number($0) } ?? .null),
      .init("events", .number(events)),
      .init("bytes", .number(bytes)),
      .init("timing", .string(timing)),
      .init("how", .string(how)),
      .init("framing_known", .bool(knowsFraming)),
      .init("losses", .array(losses.map(JSONValue.string))),
    ])
  }
}
