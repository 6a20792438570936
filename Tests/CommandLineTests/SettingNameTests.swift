import ArgumentParser
import LosslessJSON
import Testing

@testable import TapedeckCLI

@Suite("What can be set is what the verbs take")
struct SettingNameTests {
  /// What is no setting: it only makes sense where it is typed.
  ///
  /// The variable of `url` would be the one in which a command finds its deck.
  private static let typed: Set<String> = [
    "help", "version", ConfigurationOption.name, TerminatedArguments.option, "url",
  ]

  /// An option or flag as the argument parser describes it.
  private struct Described {
    let long: String
    let short: Character?
    let kind: SettingName.Kind

    init?(_ argument: JSONValue) {
      var long: String?
      var short: Character?
      for case let name in argument["names"]?.elements ?? [] {
        switch name["kind"]?.text {
        case "long": long = name["name"]?.text
        case "short": short = name["name"]?.text?.first
        default: break
        }
      }
      guard let long, !SettingNameTests.typed.contains(long) else { return nil }
      self.long = long
      self.short = short
      if argument["kind"]?.text == "flag" {
        kind = .flag
      } else {
        kind = argument["isRepeating"] == .bool(true) ? .list : .value
      }
    }
  }

  @Test("every option and flag of every verb can be set, as what it is, and no other")
  func complete() throws {
    let verbs = Tapedeck.settableVerbs
    #expect(verbs.count == Tapedeck.configuration.subcommands.count)
    for (name, verb) in verbs {
      let page = try JSONValue(parsing: verb._dumpHelp())
      let described = (page["command"]?["arguments"]?.elements ?? []).compactMap(Described.init)
      let expected = described.map { SettingName(name: $0.long, kind: $0.kind) }
      #expect(Set(verb.settingNames) == Set(expected), "\(name)")
      #expect(verb.settingNames.count == expected.count, "\(name) names one twice")
      let short = described.compactMap { argument in argument.short.map { ($0, argument.long) } }
      #expect(verb.shortNames == Dictionary(short) { $1 }, "\(name)")
    }
  }

  @Test("every verb takes the configuration file's name")
  func configuration() {
    for (_, verb) in Tapedeck.settableVerbs {
      #expect(verb.helpMessage(columns: 200).contains("--config <file>"))
    }
  }

  @Test("no two options of a verb share a variable")
  func variables() {
    for (name, verb) in Tapedeck.settableVerbs {
      let variables = verb.settingNames.map { EnvironmentLayer.variable(for: $0.name) }
      #expect(Set(variables).count == variables.count, "\(name)")
      #expect(!variables.contains(ConfigurationOption.variable), "\(name)")
      #expect(!variables.contains("TAPEDECK_URL"), "\(name)")
    }
  }
}

extension JSONValue {
  fileprivate var text: String? {
    guard case .string(let bytes) = self else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  fileprivate var elements: [JSONValue] {
    guard case .array(let elements) = self else { return [] }
    return elements
  }
}
