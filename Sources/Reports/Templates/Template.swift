/// A text with places for values, in the language of Mustache. (mustache(5))
///
/// It knows variables (`{{name}}`, and `{{{name}}}` for markup), sections (`{{#name}}…{{/name}}`),
/// inverted sections (`{{^name}}…{{/name}}`), partials (`{{>name}}`) and comments (`{{!…}}`). Tags
/// that stand alone on their line take the whole line with them. Names may have dots; a name that
/// is not in a value is looked for in those around it. Delimiters cannot be changed, and there are
/// no lambdas.
package struct Template: Sendable {
  /// One part of a template.
  enum Part: Sendable {
    case text(String)
    case variable(Name, isMarkup: Bool)
    case section(Name, [Part], isInverted: Bool)
    case partial(String)
  }

  /// A name with dots, taken apart; empty for `.`, the value itself.
  typealias Name = [String]

  private let parts: [Part]

  /// Reads a template.
  ///
  /// - Throws: where a tag or a section does not end.
  package init(_ text: String) throws(TemplateError) {
    var parser = TemplateParser(text)
    parts = try parser.parse()
  }

  /// The text with values in its places.
  ///
  /// - Parameters:
  ///   - value: The values, by name.
  ///   - partials: The templates that `{{>name}}` puts in, by name; one that there is not is empty.
  /// - Returns: The text.
  package func rendered(_ value: TemplateValue, partials: [String: Template] = [:]) -> String {
    var rendering = Rendering(partials: partials)
    rendering.write(parts, in: [value])
    return rendering.output
  }

  /// One rendering.
  private struct Rendering {
    let partials: [String: Template]
    var output = ""
    private var depth = 0

    /// How deep partials may stand in each other, since one may put in itself.
    private static let depthLimit = 32

    init(partials: [String: Template]) { self.partials = partials }

    /// Writes parts with the values of a scope, the innermost last.
    mutating func write(_ parts: [Part], in scope: [TemplateValue]) {
      for part in parts {
        switch part {
        case .text(let text): output += text
        case .variable(let name, let isMarkup):
          let text = Self.value(of: name, in: scope).text
          output += isMarkup ? text : Markup.escaped(text)
        case .section(let name, let parts, let isInverted):
          write(parts, for: Self.value(of: name, in: scope), in: scope, isInverted: isInverted)
        case .partial(let name):
          guard depth < Self.depthLimit, let partial = partials[name] else { continue }
          depth += 1
          write(partial.parts, in: scope)
          depth -= 1
        }
      }
    }

    private mutating func write(
      _ parts: [Part], for value: TemplateValue, in scope: [TemplateValue], isInverted: Bool
    ) {
      guard !isInverted else {
        if value.isEmpty { write(parts, in: scope) }
        return
      }
      guard !value.isEmpty else { return }
      switch value {
      case .list(let values): for value in values { write(parts, in: scope + [value]) }
      default: write(parts, in: scope + [value])
      }
    }

    private static func value(of name: Name, in scope: [TemplateValue]) -> TemplateValue {
      guard let first = name.first else { return scope.last ?? .none }
      for value in scope.reversed() {
        guard let found = value[first] else { continue }
        return name.dropFirst().reduce(found) { $0[$1] ?? .none }
      }
      return .none
    }
  }
}

/// What stands in the places of a template.
package enum TemplateValue: Sendable {
  case none
  case flag(Bool)
  case text(String)
  case list([TemplateValue])
  case object([String: TemplateValue])

  /// Whether a section of it is left out.
  var isEmpty: Bool {
    switch self {
    case .none: true
    case .flag(let isSet): !isSet
    case .text(let text): text.isEmpty
    case .list(let values): values.isEmpty
    case .object: false
    }
  }

  /// What a variable of it shows.
  var text: String {
    switch self {
    case .text(let text): text
    case .flag(let isSet): "\(isSet)"
    case .none, .list, .object: ""
    }
  }

  subscript(name: String) -> TemplateValue? {
    guard case .object(let values) = self else { return nil }
    return values[name]
  }
}

extension TemplateValue: ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral text: String) { self = .text(text) }
  package init(booleanLiteral isSet: Bool) { self = .flag(isSet) }
  package init(arrayLiteral values: TemplateValue...) { self = .list(values) }
  package init(dictionaryLiteral values: (String, TemplateValue)...) {
    self = .object(Dictionary(values) { $1 })
  }
}

/// Why a text is no template.
package struct TemplateError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line, from 1.
  package var line: Int

  /// What is wrong there.
  package var reason: String

  /// One sentence.
  package var description: String { "line \(line): \(reason)" }
}
