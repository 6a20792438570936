internal import LosslessJSON
internal import Units

/// Writes the lines of one exchange, canonically.
///
/// Keeps the time of the line before, so that each interval is a difference of absolute times and
/// sums never drift; a time before it is moved to it.
struct LineEncoder {
  /// The lines written so far, each with its LF.
  private(set) var bytes: [UInt8] = []

  private var clock = Microseconds.zero

  /// Takes the lines out, for a writer that sends them on.
  mutating func takeBytes() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  mutating func request(_ request: RecordedRequest) {
    line("q", at: .zero, data: request.lineData)
  }

  mutating func head(_ head: ResponseHead) {
    line("h", at: head.at, data: head.lineData)
  }

  /// A chunk is text exactly when its own bytes are UTF-8.
  mutating func chunk(_ chunk: UnsafeBufferPointer<UInt8>, at time: Microseconds) {
    if UTF8Check.isValid(chunk) {
      open("d", at: time)
      JSONString.append(chunk, to: &bytes)
    } else {
      open("b", at: time)
      bytes.append(UInt8(ascii: "\""))
      Base64.append(chunk, to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    }
    close()
  }

  mutating func trailers(_ trailers: Trailers) {
    line("t", at: trailers.at, data: trailers.fields.lineData)
  }

  mutating func aside(_ aside: Aside) {
    line(aside.code, at: aside.at, data: aside.data)
  }

  mutating func ending(_ ending: Ending) {
    line("e", at: ending.at, data: ending.lineData)
  }

  private mutating func line(_ code: String, at time: Microseconds, data: JSONValue) {
    open(code, at: time)
    data.append(to: &bytes)
    close()
  }

  private mutating func open(_ code: String, at time: Microseconds) {
    let now = max(clock, time)
    bytes.append(UInt8(ascii: "["))
    bytes.append(contentsOf: String((now - clock).count).utf8)
    bytes.append(UInt8(ascii: ","))
    JSONString.append(code.utf8, to: &bytes)
    bytes.append(UInt8(ascii: ","))
    clock = now
  }

  private mutating func close() {
    bytes.append(contentsOf: "]\n".utf8)
  }
}
