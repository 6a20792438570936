import ArgumentParser
import Cassettes
import HTTP

/// One request, as curl's flags describe it.
struct RequestOptions: ParsableArguments {
  @Option(
    name: [.customShort("X"), .customLong("request")],
    help: ArgumentHelp("The method; by default GET, or POST with a body.", valueName: "method"))
  var method: String?

  @Option(
    name: [.customShort("H"), .customLong("header")],
    help: ArgumentHelp(
      "A request header, or @FILE to read headers from a file, one a line; may repeat.",
      valueName: "name: value"))
  var headers: [String] = []

  @Option(
    name: [.short, .customLong("data-binary"), .long],
    help: ArgumentHelp(
      "The body; @FILE reads it from a file, @- from standard input.", valueName: "data"))
  var data: String?

  /// The names of the options.
  static let names = ["request", "header", "data"]

  /// Those of them that may repeat.
  static let repeatable = ["header"]

  /// Those of them that have a short one.
  static let shortNames: [Character: String] = ["X": "request", "H": "header", "d": "data"]

  /// The method that was chosen, or that the body implies.
  var chosenMethod: String { method ?? (data == nil ? "GET" : "POST") }

  /// The header fields, in order.
  func fields() throws -> [HeaderField] { try HeaderArguments.fields(of: headers) }

  /// As long a line as a reader takes by itself.
  private static let bodyLimitBytes = CassetteLimits().lineBytes

  /// The body; empty where none was given.
  func body() throws -> [UInt8] {
    guard let data else { return [] }
    guard data.hasPrefix("@") else { return Array(data.utf8) }
    return try InputFile.read(String(data.dropFirst()), limitBytes: Self.bodyLimitBytes)
  }
}
