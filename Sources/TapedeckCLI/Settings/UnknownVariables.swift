import Libc
import Planning

/// Variables that look like settings and are none: a misspelt one would be ignored in silence.
enum UnknownVariables {
  private static let prefix = "TAPEDECK_"

  /// Variables of that prefix that are no settings: what the deck sets for a command.
  private static let others: Set<String> = ["TAPEDECK_URL"]

  /// The names of the process's own variables.
  static var current: [String] {
    var names: [String] = []
    var next = environ
    while let entry = next.pointee {
      names.append(String(String(cString: entry).prefix { $0 != "=" }))
      next += 1
    }
    return names
  }

  /// A line for each variable that no verb knows, with the one that may have been meant.
  static func warnings(of names: [String], verbs: SettableVerbs) -> [String] {
    let names = names.filter { $0.hasPrefix(prefix) && !others.contains($0) }
    guard !names.isEmpty else { return [] }
    let known = Set(
      [ConfigurationOption.variable]
        + verbs.flatMap { $0.verb.settingNames }
        .map { EnvironmentLayer.variable(for: $0.name) })
    return names.filter { !known.contains($0) }
      .sorted().map { name in
        let shown = TextForm.excerpt(name, limit: 60)
        let word = String(name.dropFirst(prefix.count))
        let words = known.map { String($0.dropFirst(prefix.count)) }.sorted()
        let meant = Spelling.nearest(to: word, among: words)
        let advice = meant.map { "; did you mean \(prefix)\($0)?" } ?? ": it is ignored"
        return "\(shown) is not the variable of any option\(advice)"
      }
  }
}
