package import Cassettes
internal import HTTP

/// The bytes of one body, as they came: what `curl -N` prints and an event stream is.
package struct StreamExport: ExportFormat {
  package let name = "sse"
  package let title = "the body's bytes, as curl -N prints them"
  package let fileExtension = "sse"
  package let holdsOne = true

  /// Creates the format.
  package init() {}

  package func refusal(of exchange: Exchange) -> String? {
    exchange.head == nil ? "no answer came, so there is no body" : nil
  }

  package func capture(of exchange: Exchange) -> Capture? {
    var capture = Capture()
    capture.status = 200
    capture.headers = [HeaderField("content-type", "text/event-stream")]
    capture.body = exchange.body
    return capture
  }

  package func makeWriter(_ options: ExportOptions) -> any ExportWriter { Writer() }

  private struct Writer: ExportWriter {
    func write(_ exchange: Exchange, number: Int, to sink: ByteSink) throws {
      try sink(exchange.body)
    }

    func finish(to sink: ByteSink) throws {}
  }
}
