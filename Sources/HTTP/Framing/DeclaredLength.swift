/// What a head says of the length of its body. (RFC 9112, 6.3)
package enum DeclaredLength: Equatable {
  /// Nothing.
  case none
  /// So many bytes; a number beyond what can be counted is the largest that can.
  case count(Int64)
  /// No length: it is no number, or there are several that differ.
  case invalid(String)

  /// Reads what the fields of a head say.
  package init(_ fields: [HeaderField]) {
    let values = fields.list(of: "content-length")
    guard let first = values.first else {
      self = .none
      return
    }
    let numbers = values.map { Self.number($0) }
    guard let number = numbers[0], numbers.allSatisfy({ $0 != nil }) else {
      let wrong = zip(values, numbers).first { $0.1 == nil }?.0 ?? first
      self = .invalid("the content-length \"\(wrong.prefix(40))\" is not a number")
      return
    }
    if let other = zip(values, numbers).first(where: { $0.1 != number }) {
      self = .invalid("two content-lengths differ: \(first.prefix(40)) and \(other.0.prefix(40))")
      return
    }
    self = .count(Int64(number) ?? .max)
  }

  /// The digits of a number without zeros in front, or nil where it is none.
  private static func number(_ text: String) -> String? {
    guard !text.isEmpty, text.utf8.allSatisfy(\.isDigit) else { return nil }
    let digits = text.drop { $0 == "0" }
    return digits.isEmpty ? "0" : String(digits)
  }
}
