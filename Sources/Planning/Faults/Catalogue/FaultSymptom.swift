/// What a person sees of a fault, in words of the field: by these it is found where its name is not
/// known.
package struct FaultSymptom: Hashable, Sendable {
  /// What is seen, as a clause: `no answer ever comes`.
  package var title: String

  /// The fault that does it, as a user would write it.
  package var fault: String

  /// The name of that fault.
  package var name: String { String(fault.prefix { $0 != ":" && $0 != "@" && $0 != "," }) }

  /// Other words for it, in lower case.
  package var words: [String]

  /// Creates a symptom from what is seen, the fault that does it, and other words for it.
  package init(_ title: String, _ fault: String, _ words: [String]) {
    self.title = title
    self.fault = fault
    self.words = words
  }
}

extension FaultCatalogue {
  /// The symptoms of all faults, in the order of the catalogue.
  package var symptoms: [FaultSymptom] { types.flatMap { $0.symptoms } }

  /// The symptoms that a text may mean, the likeliest first.
  ///
  /// Those of which it is a name come before those that have all its words. A status code is one
  /// too.
  package func symptoms(of text: String) -> [FaultSymptom] {
    let query = Self.normalized(text)
    guard !query.isEmpty else { return [] }
    var exact: [FaultSymptom] = []
    var partial: [FaultSymptom] = []
    for type in types {
      for symptom in type.symptoms {
        let names = ([type.name, symptom.title] + symptom.words).map(Self.normalized)
        if names.contains(query) {
          exact.append(symptom)
        } else if Self.has(query.split(separator: " "), in: names + [Self.normalized(type.summary)])
        {
          partial.append(symptom)
        }
      }
    }
    if exact.isEmpty, let code = Int(query), (400...599).contains(code) {
      exact = [FaultSymptom("an answer of status \(code)", "status:\(code),on=1", [])]
    }
    return exact + partial
  }

  /// Whether each word of a query begins a word of a symptom, or the other way round: `buffers`
  /// finds `buffering proxy` through `buffer`.
  private static func has(_ query: [Substring], in names: [String]) -> Bool {
    let words = names.flatMap { $0.split(separator: " ") }
    return query.allSatisfy { asked in
      asked.count < 3
        ? words.contains(asked)
        : words.contains { $0.hasPrefix(stem(asked)) || $0.count > 3 && asked.hasPrefix($0) }
    }
  }

  /// A word without the endings that make no difference here.
  private static func stem(_ word: Substring) -> Substring {
    for ending in ["ing", "ed", "es", "s"] where word.hasSuffix(ending) && word.count > 5 {
      return word.dropLast(ending.count)
    }
    return word
  }

  private static func normalized(_ text: String) -> String {
    text.prefix(100).lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
  }
}
