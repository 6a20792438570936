internal import Documents
internal import HTTP

/// Traces of Go's `httprr`: requests and answers as they went over the wire, each behind a line
/// that counts their bytes.
package struct HTTPRRFormat: ImportFormat {
  package let name = "httprr"
  package let title = "Go's httprr"

  private static let firstLine = "httprr trace v1"

  /// Creates the format.
  package init() {}

  package func recognizes(_ opening: Opening) -> Certainty {
    opening.bytes.starts(with: Self.firstLine.utf8) ? .certain : .no
  }

  package func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    var reader = LineReader(input)
    guard let first = try reader.next(), first.elementsEqual(Self.firstLine.utf8) else {
      throw ImportError("expected \"\(Self.firstLine)\"", line: 1)
    }
    var found = 0
    while let line = try reader.next() {
      if line.isEmpty { continue }
      let place = reader.number
      let counts = try Self.counts(in: line, limit: input.limits.nodeBytes, number: place)
      let request = try Self.take(counts.request, "request", from: &reader, number: place)
      let answer = try Self.take(counts.answer, "answer", from: &reader, number: place)
      try emit(Self.capture(request, answer, line: place))
      found += 1
    }
    guard found > 0 else {
      throw ImportError("expected two counts of bytes, found the file's end", line: reader.number)
    }
  }

  private static func counts(
    in line: ArraySlice<UInt8>, limit: Int, number: Int
  ) throws -> (request: Int, answer: Int) {
    let words = line.split(separator: UInt8(ascii: " "))
    let counts = words.map { word -> Int? in
      word.allSatisfy { (0x30...0x39).contains($0) }
        ? Int(String(decoding: word, as: UTF8.self)) : nil
    }
    let shown = String(decoding: line.prefix(40), as: UTF8.self)
    guard counts.count == 2, let request = counts[0], let answer = counts[1] else {
      throw ImportError(
        "expected two counts of bytes, as \"360 1759\", found \"\(shown)\"; the counts of a file "
          + "whose line ends were changed are wrong", line: number)
    }
    guard request <= limit, answer <= limit, request + answer <= limit else {
      throw ImportError(
        "expected at most \(limit) bytes for one exchange, found \"\(shown)\"", line: number)
    }
    return (request, answer)
  }

  private static func take(
    _ count: Int, _ what: String, from reader: inout LineReader, number: Int
  ) throws -> [UInt8] {
    let bytes = try reader.take(count)
    guard bytes.count == count else {
      throw ImportError(
        "expected \(count) bytes of the \(what), found \(bytes.count) before the file's end",
        line: number)
    }
    return bytes
  }

  private static func capture(
    _ request: [UInt8], _ answer: [UInt8], line: Int
  ) throws -> Capture {
    guard let asked = MessageHead(in: request[...]), let start = asked.requestLine else {
      throw ImportError("expected a request line and fields that end with a blank line", line: line)
    }
    guard let head = MessageHead(in: answer[...]), let status = head.statusLine else {
      throw ImportError("expected a status line and fields that end with a blank line", line: line)
    }
    var capture = Capture(
      .init(
        method: start.method, url: start.target, headers: asked.fields,
        body: ChunkedBody.unframed(request[asked.end...], by: asked.fields)
          ?? Array(request[asked.end...])), line: line)
    capture.status = status.status
    capture.http = status.version
    capture.headers = head.fields
    var framer = ReceivedBody(of: head, status, to: start.method, isTaken: true)
    framer.take(answer[head.end...], at: nil)
    framer.settle(&capture)
    return capture
  }
}
