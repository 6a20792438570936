package import Cassettes

/// Takes the next bytes of an export.
package typealias ByteSink = ([UInt8]) throws -> Void

/// A format of files that exchanges can be exported to: one type, one file.
package protocol ExportFormat: Sendable {
  /// Its name on the command line: lower-case letters, digits and hyphens.
  var name: String { get }

  /// What reads such files, for a person.
  var title: String { get }

  /// What names of such files end with, without the dot.
  var fileExtension: String { get }

  /// Whether a file holds one exchange only.
  var holdsOne: Bool { get }

  /// Why an exchange has no place in a file, as a clause; nil where it has one.
  func refusal(of exchange: Exchange) -> String?

  /// What a reader finds where an exchange was written; nil where nobody reads exchanges from it.
  func capture(of exchange: Exchange) -> Capture?

  /// A writer of one file.
  func makeWriter(_ options: ExportOptions) -> any ExportWriter
}

/// Writes exchanges to one file, one after the other.
package protocol ExportWriter {
  /// Writes an exchange.
  ///
  /// - Parameters:
  ///   - exchange: An exchange that the format does not refuse.
  ///   - number: Its number in its cassette, from 1.
  ///   - sink: Takes the bytes.
  /// - Throws: What the sink throws.
  mutating func write(_ exchange: Exchange, number: Int, to sink: ByteSink) throws

  /// Writes what stands behind the last exchange.
  mutating func finish(to sink: ByteSink) throws
}

/// What can be chosen of an export.
package struct ExportOptions: Sendable {
  /// The name of what is exported, for formats that have a title.
  package var name: String
  /// The longest pause that a player shall keep, for formats that can say it; nil for no limit.
  package var idleTimeLimit: Microseconds?

  /// Creates options.
  package init(name: String = "tapedeck", idleTimeLimit: Microseconds? = nil) {
    self.name = name
    self.idleTimeLimit = idleTimeLimit
  }
}

extension ExportFormat {
  package var holdsOne: Bool { false }

  package func refusal(of exchange: Exchange) -> String? { nil }

  package func capture(of exchange: Exchange) -> Capture? { nil }

  /// The parts of an exchange that do not come back when the export is imported; nil where the
  /// format is a view, from which nothing is imported.
  package func lostParts(of exchange: Exchange) -> [ExchangePart]? {
    guard let capture = capture(of: exchange) else { return nil }
    do {
      // What an import covers is no loss of the format.
      var whole = Capture()
      whole.whole = exchange
      let finisher = CaptureFinisher()
      let covered = try finisher.exchange(of: whole, format: name).exchange
      return ExchangePart.differing(
        covered, try finisher.exchange(of: capture, format: name).exchange)
    } catch {
      return ExchangePart.allCases
    }
  }

  /// What of an exchange a file of this format does not hold, each as a noun phrase.
  package func losses(of exchange: Exchange) -> [String] {
    lostParts(of: exchange)?.map(\.phrase) ?? ["more than a view of it, so it cannot be imported"]
  }
}
