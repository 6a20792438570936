import ArgumentParser
import Cassettes
import Testing

@testable import TapedeckCLI

@Suite("The command line is put together before it is parsed")
struct ArgumentTests {
  private static func merged(_ arguments: String..., environment: [String: String]) -> [String] {
    EnvironmentArguments(arguments) { environment[$0] }.merged
  }

  @Test("a variable stands for an option of the verb, and a flag that is given wins")
  func environment() {
    let environment = [
      "TAPEDECK_PACE": "2x", "TAPEDECK_IDLE_TIME_LIMIT": "1s", "TAPEDECK_FILE": "x",
    ]
    #expect(
      Self.merged("plan", "a.tape", environment: environment)
        == ["plan", "--pace=2x", "--idle-time-limit=1s", "a.tape"])
    #expect(
      Self.merged("plan", "a.tape", "--pace=4x", environment: environment)
        == ["plan", "--idle-time-limit=1s", "a.tape", "--pace=4x"])
    #expect(Self.merged("plan", "a", environment: ["TAPEDECK_PACE": ""]) == ["plan", "a"])
    #expect(Self.merged("--version", environment: environment) == ["--version"])
    #expect(Self.merged(environment: environment).isEmpty)
  }

  @Test("a variable turns a flag on unless it says no")
  func flags() {
    for (value, isOn) in [("1", true), ("true", true), ("", false), ("0", false), ("false", false)]
    {
      let merged = Self.merged("serve", "x", environment: ["TAPEDECK_REQUIRE_SESSION": value])
      #expect(merged.contains("--require-session") == isOn)
    }
  }

  @Test("what the command behind -- is called with is nobody's option")
  func terminated() {
    let given = TerminatedArguments(["serve", "x", "--", "sh", "-c", "", "--pace", "--"]).merged
    #expect(
      given
        == [
          "serve", "x", "--command-argument==sh", "--command-argument==-c",
          "--command-argument==", "--command-argument==--pace", "--command-argument==--",
        ])
    #expect(TerminatedArguments(["show", "--", "x"]).merged == ["show", "--", "x"])
    let merged = EnvironmentArguments(given) { $0 == "TAPEDECK_PACE" ? "2x" : nil }.merged
    #expect(merged[1] == "--pace=2x")
  }

  @Test("every variable names an option that its verb has")
  func names() {
    for verb in Tapedeck.configuration.subcommands {
      guard let verb = verb as? any EnvironmentConfigurable.Type else { continue }
      let help = verb.helpMessage(columns: 200)
      for name in verb.environmentOptions + verb.environmentFlags {
        #expect(help.contains("--\(name)"), "\(verb) has no --\(name)")
      }
    }
  }
}

@Suite("Text for people")
struct TextFormTests {
  @Test("numbers are grouped, times are milliseconds with microseconds")
  func numbers() {
    #expect(
      [0, 12, 999, 1000, 1_234_567].map { TextForm.grouped($0) }
        == ["0", "12", "999", "1,000", "1,234,567"])
    #expect(TextForm.time(.init(saturating: 1_153_308)) == "1,153.308 ms")
    #expect(TextForm.time(.init(saturating: 7)) == "0.007 ms")
  }

  @Test("an excerpt cannot drive the terminal, and is no longer than it may be")
  func excerpt() {
    #expect(TextForm.excerpt("a\u{1B}[2J\n\u{9B}\t\r", limit: 20) == "a\\u{1b}[2J\\n\\u{9b}\\t\\r")
    #expect(TextForm.excerpt("abcdef", limit: 3) == "abc…")
  }

  @Test("columns are as wide as their widest cell")
  func table() {
    #expect(
      TextForm.table([["a", "1"], ["bcd", "10"]], rightAligned: [1]) == ["a     1", "bcd  10"])
  }
}

@Suite("The variables by which clients find the deck")
struct ClientEnvironmentTests {
  @Test("the base URLs are those that the SDKs want, and loopback goes past any proxy")
  func variables() {
    let variables = Dictionary(
      ClientEnvironment(host: "127.0.0.1", port: 4010).variables, uniquingKeysWith: { $1 })
    #expect(variables["ANTHROPIC_BASE_URL"] == "http://127.0.0.1:4010")
    #expect(variables["OPENAI_BASE_URL"] == "http://127.0.0.1:4010/v1")
    #expect(variables["NO_PROXY"]?.contains("127.0.0.1") == true)
    #expect(ClientEnvironment(host: "::1", port: 1).baseURL == "http://[::1]:1")
  }
}
