import LosslessJSON

/// What an export wrote, and what its format does not hold.
struct ExportReport {
  private let format: String
  private let file: String
  /// How many exchanges were written.
  private(set) var count = 0
  private var refused: [(number: Int, reason: String)] = []
  /// What is lost of which exchanges, in the order in which it was first met.
  private var lost: [(what: String, numbers: [Int])] = []

  init(format: String, file: String) {
    self.format = format
    self.file = file
  }

  /// Notes an exchange that was written.
  mutating func take(_ number: Int, lost parts: [String]) {
    count += 1
    for part in parts {
      if let place = lost.firstIndex(where: { $0.what == part }) {
        lost[place].numbers.append(number)
      } else {
        lost.append((part, [number]))
      }
    }
  }

  /// Notes an exchange that has no place in the format.
  mutating func refuse(_ number: Int, _ reason: String) { refused.append((number, reason)) }

  /// What is said to a person, a line each.
  var losses: [String] {
    refused.map { "\(format) leaves out exchange \($0.number): \($0.reason)" }
      + lost.map { part in
        let isAll = part.numbers.count == count
        let which =
          count == 1 || isAll
          ? ""
          : part.numbers.count == 1
            ? " of exchange \(part.numbers[0])" : " of \(part.numbers.count) exchanges"
        return "\(format) does not hold\(which): \(part.what)"
      }
  }

  /// Why nothing was written.
  var nothing: Failure {
    guard let first = refused.first else {
      return Failure(.badData, "\(file): there is no exchange to export")
    }
    return Failure(
      .badData,
      "\(file): \(format) has no place for exchange \(first.number): \(first.reason)")
  }

  /// What machines read.
  func json(_ format: String, _ output: String, bytes: Int) -> JSONValue {
    .object([
      .init("version", .number(1)), .init("format", .string(format)),
      .init("output", .string(output)), .init("exchanges", .number(count)),
      .init("bytes", .number(bytes)),
      .init(
        "left_out",
        .array(
          refused.map {
            .object([.init("exchange", .number($0.number)), .init("why", .string($0.reason))])
          })),
      .init(
        "losses",
        .array(
          lost.map { part in
            .object([
              .init("what", .string(part.what)),
              .init("exchanges", .array(part.numbers.map { .number($0) })),
            ])
          })),
    ])
  }
}
