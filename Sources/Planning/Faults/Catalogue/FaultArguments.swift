/// The arguments and keys of a fault, taken one after the other.
package struct FaultArguments: Sendable {
  private let name: String
  private var positional: ArraySlice<String>
  private var keys: [FaultSpec.Key]

  /// Begins before the first argument of a fault.
  init(_ spec: FaultSpec) {
    name = spec.name
    positional = spec.arguments[...]
    keys = spec.keys
  }

  /// Takes the next argument, or nil where none is left.
  package mutating func next() -> String? { positional.popFirst() }

  /// Takes the next argument, which there must be.
  ///
  /// - Parameter example: What it looks like, for the error.
  /// - Returns: The argument.
  /// - Throws: where none is left.
  package mutating func required(_ example: String) throws(DirectiveError) -> String {
    guard let argument = positional.popFirst() else {
      throw DirectiveError("\(name) needs an argument, like \(name):\(example)")
    }
    return argument
  }

  /// Takes all arguments that are left, joined again as they were written.
  package mutating func rest() -> String? {
    defer { positional = [] }
    return positional.isEmpty ? nil : positional.joined(separator: ":")
  }

  /// Takes a key that stands without a value.
  package mutating func flag(_ key: String) throws(DirectiveError) -> Bool {
    guard let index = keys.firstIndex(where: { $0.name == key }) else { return false }
    guard keys.remove(at: index).value == nil else {
      throw DirectiveError("\(name): \(key) takes no value")
    }
    return true
  }

  /// Takes the value of a key, or nil where it is not given.
  package mutating func value(_ key: String) throws(DirectiveError) -> String? {
    guard let index = keys.firstIndex(where: { $0.name == key }) else { return nil }
    guard let value = keys.remove(at: index).value, !value.isEmpty else {
      throw DirectiveError("\(name): \(key) needs a value, \(key)=…")
    }
    return value
  }

  /// An error that says what an argument must be.
  package func unfit(_ argument: String, _ expected: String) -> DirectiveError {
    DirectiveError("\(name): '\(argument)' is not \(expected)")
  }

  /// Throws where something was given that nothing took.
  func end() throws(DirectiveError) {
    if let argument = positional.first {
      throw DirectiveError("\(name) does not take the argument '\(argument)'")
    }
    if let key = keys.first { throw DirectiveError("\(name) does not take the key '\(key.name)'") }
  }
}
