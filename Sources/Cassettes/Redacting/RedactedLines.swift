internal import LosslessJSON
internal import Redaction

/// The lines of a part of a cassette, without their secrets.
///
/// A line in which nothing is covered stays as it is, however it was written.
struct RedactedLines {
  private let rules: RedactionRules
  private var assembler: ExchangeAssembler
  private var expectsHeader: Bool
  /// Those of the exchange that is open.
  private var open: [[UInt8]] = []
  private var text: [UInt8] = []

  init(behind exchanges: Int, rules: RedactionRules, expectsHeader: Bool) {
    self.rules = rules
    self.expectsHeader = expectsHeader
    assembler = ExchangeAssembler(limits: .unbounded, count: exchanges)
  }

  /// Takes the next line, without its LF.
  mutating func take(_ line: [UInt8]) throws(LineSource.Failure) {
    if expectsHeader { return try take(header: line) }
    let wasIdle = assembler.isIdle
    let ended = try refusing { () throws(CassetteError) in
      try Self.take(line, &assembler)
    }
    // A line of the next exchange may end the one before.
    if !assembler.isIdle, let ended { try settle(ended) }
    guard !wasIdle || !assembler.isIdle else {
      // What a later version writes between exchanges.
      text += line + [0x0A]
      return
    }
    open.append(line)
    if assembler.isIdle, let ended { try settle(ended) }
  }

  /// All lines, each with its LF, but for the last where it had none.
  mutating func finish(lacksLineFeed: Bool = false) throws(LineSource.Failure) -> [UInt8] {
    if let last = assembler.finish() { try settle(last) }
    if lacksLineFeed, text.last == 0x0A { text.removeLast() }
    return text
  }

  private mutating func take(header line: [UInt8]) throws(LineSource.Failure) {
    expectsHeader = false
    let extra = try refusing { () throws(CassetteError) in
      try line.withUnsafeBufferPointer { (line) throws(CassetteError) in
        try CassetteHeader.extra(line: line, nesting: CassetteLimits.unbounded.nesting)
      }
    }
    let redacted = extra.redacted(by: rules)
    text += (redacted == extra ? line : CassetteHeader.line(extra: redacted)) + [0x0A]
  }

  private static func take(
    _ line: [UInt8], _ assembler: inout ExchangeAssembler
  ) throws(CassetteError) -> Exchange? {
    // In place: a closure that changes `assembler` cannot throw an error of one type.
    var result: Result<Exchange?, CassetteError> = .success(nil)
    line.withUnsafeBufferPointer { line in
      do throws(CassetteError) {
        result = .success(try assembler.take(line))
      } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }

  /// Writes the lines of an exchange that is whole: those that redaction changes anew.
  private mutating func settle(_ exchange: Exchange) throws(LineSource.Failure) {
    var redacted = exchange
    Redactor.redact(&redacted, by: rules)
    let (old, new) = try refusing { () throws(CassetteError) in
      (try CassetteWriter.lines(for: exchange), try CassetteWriter.lines(for: redacted))
    }
    defer { open.removeAll() }
    guard old != new else {
      for line in open { text += line + [0x0A] }
      return
    }
    let pairs = Array(zip(old.split(separator: 0x0A), new.split(separator: 0x0A)))
    var index = 0
    for line in open {
      // A reader skips blank lines, and so does the count.
      let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
      if isBlank || index >= pairs.count || pairs[index].0 == pairs[index].1 {
        text += line
      } else {
        text += pairs[index].1
      }
      text.append(0x0A)
      if !isBlank { index += 1 }
    }
  }

  private func refusing<Value>(
    _ body: () throws(CassetteError) -> Value
  ) throws(LineSource.Failure) -> Value {
    do throws(CassetteError) {
      return try body()
    } catch {
      throw .system(error)
    }
  }
}
