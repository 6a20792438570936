import LosslessJSON
import Planning

/// An object of the configuration file, whose keys are all known and there once.
struct ConfigurationObject {
  /// The members, in their order.
  let members: [(key: String, value: JSONValue)]

  /// Checks a value.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - path: Where it stands, for a person.
  ///   - keys: The keys that it may have.
  ///   - noun: What a key names.
  /// - Throws: a ``Failure`` of bad data.
  init(_ value: JSONValue, path: String, keys: [String], keyIs noun: String) throws {
    guard case .object(let members) = value else {
      throw Failure(.badData, "\(path): must be an object, with a key for each \(noun)")
    }
    var seen: Set<String> = []
    self.members = try members.map { member in
      let key = String(decoding: member.key, as: UTF8.self)
      guard keys.contains(key) else {
        let nearest = Spelling.nearest(to: key, among: keys)
        let advice = nearest.map { "; the nearest is '\($0)'" } ?? ""
        throw Failure(
          .badData, "\(path): there is no \(noun) '\(TextForm.excerpt(key, limit: 60))'\(advice)")
      }
      guard seen.insert(key).inserted else {
        throw Failure(.badData, "\(path): has '\(key)' twice")
      }
      return (key, member.value)
    }
  }
}
