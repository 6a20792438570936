internal import Patterns
public import Planning

/// Text that is another in every run, and may be taken for the same.
public enum Normalization: String, CaseIterable, Sendable {
  /// UUIDs in their text form. (RFC 9562, 4)
  case uuid

  /// Dates and times as RFC 3339, ISO 8601 and HTTP write them; no bare numbers, which may mean
  /// anything.
  case date

  /// What providers call their messages, calls, runs and files: a known prefix and a long random
  /// tail.
  case id

  /// Parses a list of names, separated by commas; `all` is every one of them.
  public static func set(parsing text: String) throws(DirectiveError) -> Set<Normalization> {
    var chosen: Set<Normalization> = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      if name == "all" {
        chosen.formUnion(allCases)
      } else if let one = Normalization(rawValue: String(name)) {
        chosen.insert(one)
      } else {
        throw DirectiveError(
          "'\(name)' cannot be normalized: there are "
            + (allCases.map(\.rawValue) + ["all"]).joined(separator: ", "))
      }
    }
    return chosen
  }

  /// What stands for such text when requests are compared; no normalization finds anything in it.
  package var word: [UInt8] { Array("<\(rawValue)>".utf8) }

  /// The end of such text that begins at `start`, or nil where none does.
  ///
  /// The byte before `start` is no letter or digit; where the text ends is for the caller to check.
  package func end(in text: [UInt8], from start: Int) -> Int? {
    var cursor = ByteCursor(text, at: start)
    switch self {
    case .uuid: return cursor.takeUUID() ? cursor.offset : nil
    case .date: return cursor.takeDate() ? cursor.offset : nil
    case .id: return cursor.takeProviderID() ? cursor.offset : nil
    }
  }
}

/// Puts a fixed word in the place of what is taken for the same.
///
/// Doing it twice is as good as once: each pattern begins and ends with a letter or digit, and has
/// none beside it.
package struct Normalizer: Sendable {
  private let normalizations: [Normalization]

  init(_ normalizations: Set<Normalization>) {
    // Where two begin at one place, the longer one comes first: an identity may have a UUID in it.
    self.normalizations = [.id, .uuid, .date].filter(normalizations.contains)
  }

  /// Whether it takes such text for the same.
  func uses(_ normalization: Normalization) -> Bool { normalizations.contains(normalization) }

  /// Whether it changes nothing.
  package var isEmpty: Bool { normalizations.isEmpty }

  /// Normalizes a text.
  package func normalize(_ text: inout [UInt8]) {
    guard !isEmpty, text.count >= Self.leastBytes else { return }
    var output: [UInt8] = []
    var copied = 0
    var index = 0
    let inWord = ByteSet.alphanumerics
    while index < text.count {
      guard inWord.contains(text[index]), index == 0 || !inWord.contains(text[index - 1]) else {
        index += 1
        continue
      }
      guard let (end, word) = match(in: text, at: index) else {
        index += 1
        continue
      }
      output += text[copied..<index]
      output += word
      (copied, index) = (end, end)
    }
    guard copied > 0 else { return }
    text = output + text[copied...]
  }

  /// No pattern is shorter: a date has ten.
  private static let leastBytes = 10

  private func match(in text: [UInt8], at start: Int) -> (end: Int, word: [UInt8])? {
    for normalization in normalizations {
      guard let end = normalization.end(in: text, from: start),
        end == text.count || !ByteSet.alphanumerics.contains(text[end])
      else { continue }
      return (end, normalization.word)
    }
    return nil
  }
}
