/// What a template has by name.
///
/// Text gets in escaped, here and nowhere else: templates write `{{{name}}}`. The template engine's
/// own escaping takes a text by characters, and a `<` or `"` that forms one with what stands beside
/// it, as behind U+0600, would stay markup.
struct PageFields {
  /// What the template engine reads.
  private(set) var values: [String: Any] = [:]

  /// Sets a text, of which nothing is markup, cut where it is longer than the limit.
  mutating func set(_ name: String, text: String, limit: Int = 400) {
    values[name] = Markup.excerpt(text, limit: limit)
  }

  /// Sets what was made as markup here.
  mutating func set(_ name: String, markup: String) { values[name] = markup }

  /// Sets what a section repeats.
  mutating func set(_ name: String, list: [PageFields]) { values[name] = list.map(\.values) }

  /// Sets whether a section stands there.
  mutating func set(_ name: String, flag: Bool) { values[name] = flag }

  /// Sets a text, and with it whether a section of that name stands there.
  mutating func set(_ name: String, textIfAny text: String, limit: Int = 400) {
    if !text.isEmpty { set(name, text: text, limit: limit) }
  }
}
