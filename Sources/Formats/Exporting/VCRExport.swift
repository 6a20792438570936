package import Cassettes
internal import HTTP

/// The YAML of VCR.py, which it loads and replays.
package struct VCRExport: ExportFormat {
  package let name = "vcr"
  package let title = "VCR.py, YAML"
  package let fileExtension = "yaml"

  /// Creates the format.
  package init() {}

  package func refusal(of exchange: Exchange) -> String? {
    exchange.head == nil ? "no answer came, and VCR.py replays answers only" : nil
  }

  package func capture(of exchange: Exchange) -> Capture? {
    let request = exchange.request
    var capture = Capture(
      .init(
        method: request.method, url: ExportedText.url(of: request),
        headers: Self.grouped(request.headers).flatMap(\.fields), body: request.body))
    capture.status = exchange.head?.status
    capture.headers = Self.fields(of: exchange).flatMap(\.fields)
    capture.body = exchange.body
    return capture
  }

  package func makeWriter(_ options: ExportOptions) -> any ExportWriter { Writer() }

  /// The fields of one name, which stand together.
  fileprivate struct Group {
    var name: String
    var values: [String]

    var fields: [HeaderField] { values.map { HeaderField(name, $0) } }
  }

  /// Fields as a mapping can hold them: each name once, whatever its case.
  private static func grouped(_ fields: [HeaderField]) -> [Group] {
    var groups: [Group] = []
    var places: [String: Int] = [:]
    for field in fields {
      let key = field.name.lowercased()
      if let place = places[key] {
        groups[place].values.append(field.value)
      } else {
        places[key] = groups.count
        groups.append(Group(name: field.name, values: [field.value]))
      }
    }
    return groups
  }

  /// The answer's fields; a client would undo a coding once more that is undone already.
  private static func fields(of exchange: Exchange) -> [Group] {
    var fields = exchange.head?.headers ?? []
    if exchange.head?.decoded != nil {
      fields.removeAll { $0.isNamed("content-encoding") }
      for index in fields.indices where fields[index].isNamed("content-length") {
        fields[index].value = String(exchange.body.count)
      }
    }
    return grouped(fields)
  }

  private struct Writer: ExportWriter {
    private var isFirst = true

    mutating func write(_ exchange: Exchange, number: Int, to sink: ByteSink) throws {
      let request = exchange.request
      var text = YAMLText()
      if isFirst { text.line("interactions:") }
      isFirst = false
      text.line("- request:")
      text.line("    body: ", scalar: request.body.isEmpty ? nil : request.body)
      Self.write(VCRExport.grouped(request.headers), to: &text)
      text.line("    method: ", scalar: Array(request.method.utf8))
      text.line("    uri: ", scalar: Array(ExportedText.url(of: request).utf8))
      text.line("  response:")
      text.line("    body:")
      text.line("      string: ", scalar: exchange.body)
      Self.write(VCRExport.fields(of: exchange), to: &text)
      let status = exchange.head?.status ?? 0
      text.line("    status:")
      text.line("      code: \(status)")
      text.line("      message: ", scalar: Array(ReasonPhrase.registered(for: status).utf8))
      try sink(text.bytes)
    }

    mutating func finish(to sink: ByteSink) throws {
      try sink(Array((isFirst ? "interactions: []\nversion: 1\n" : "version: 1\n").utf8))
    }

    private static func write(_ groups: [Group], to text: inout YAMLText) {
      guard !groups.isEmpty else { return text.line("    headers: {}") }
      text.line("    headers:")
      for group in groups {
        text.line("      ", key: group.name)
        for value in group.values { text.line("      - ", scalar: Array(value.utf8)) }
      }
    }
  }
}
