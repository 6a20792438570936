/// The text in which Prometheus reads metrics, version 0.0.4.
///
/// Each metric is a HELP line, a TYPE line and its samples, which must stand together.
package struct PrometheusText: Sendable {
  /// The value of the field `content-type`.
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// The kinds of metric that the deck and the generator of load have.
  package enum Kind: String, Sendable {
    case counter, gauge, summary
  }

  /// One value, with its labels and what is put behind the metric's name.
  package struct Sample: Sendable {
    fileprivate let suffix: String
    fileprivate let labels: [(name: String, value: String)]
    fileprivate let value: String

    /// Creates a sample.
    package init(
      suffix: String = "", labels: [(name: String, value: String)] = [], value: String
    ) {
      self.suffix = suffix
      self.labels = labels
      self.value = value
    }
  }

  /// The text so far.
  package private(set) var text = ""

  /// Begins with no metric.
  package init() {}

  /// Adds a metric with one sample.
  package mutating func add(_ kind: Kind, _ name: String, help: String, _ value: Int) {
    add(kind, name, help: help, samples: [Sample(value: "\(value)")])
  }

  /// Adds a metric with its samples.
  package mutating func add(_ kind: Kind, _ name: String, help: String, samples: [Sample]) {
    // In help a backslash and a line end are escaped, in a label's value a quotation mark too.
    text += "# HELP \(name) \(Self.escaped(help))\n# TYPE \(name) \(kind.rawValue)\n"
    for sample in samples {
      let labels = sample.labels.map { label in
        "\(label.name)=\"\(Self.escaped(label.value).replacing("\"", with: "\\\""))\""
      }
      text += name + sample.suffix
      if !labels.isEmpty { text += "{\(labels.joined(separator: ","))}" }
      text += " \(sample.value)\n"
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
  }

  /// Nanoseconds as the seconds that Prometheus counts in.
  package static func seconds(nanoseconds: UInt64) -> String {
    let fraction = "\(nanoseconds % 1_000_000_000 + 1_000_000_000)".dropFirst()
    return "\(nanoseconds / 1_000_000_000).\(fraction)"
  }
}
