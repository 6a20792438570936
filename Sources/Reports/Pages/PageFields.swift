/// What a template has by name: text, which it escapes as `{{name}}`, and what was made as markup
/// here, which it takes as `{{{name}}}`.
struct PageFields {
  private var values: [String: TemplateValue] = [:]

  /// What the template reads.
  var value: TemplateValue { .object(values) }

  /// Sets a text as a reader sees it, cut where it is longer than the limit.
  mutating func set(_ name: String, text: some StringProtocol, limit: Int = 400) {
    values[name] = .text(Markup.visible(text, limit: limit))
  }

  /// Sets a text whose lines stay lines.
  mutating func set(_ name: String, lines text: String, limit: Int) {
    let lines = text.unicodeScalars.prefix(limit).split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" })
    let visible = lines.map { Markup.visible(String($0), limit: limit) }.joined(separator: "\n")
    values[name] = .text(visible + (text.unicodeScalars.count > limit ? "…" : ""))
  }

  /// Sets what was made as markup here.
  mutating func set(_ name: String, markup: String) { values[name] = .text(markup) }

  /// Sets what a section repeats.
  mutating func set(_ name: String, list: [PageFields]) { values[name] = .list(list.map(\.value)) }

  /// Sets whether a section stands there.
  mutating func set(_ name: String, flag: Bool) { values[name] = .flag(flag) }
}
