import Testing

@testable import TapedeckCLI

@Suite("Options come from the command line, else the environment, else the configuration file")
struct LayeredArgumentTests {
  private static let file = #"{"plan": {"pace": "4x", "seed": 7, "fault": ["end", "bom"]}}"#

  private static func layered(
    _ arguments: String..., environment: [String: String] = [:], file: String? = nil
  ) throws -> LayeredArguments {
    try LayeredArguments(
      arguments, verbs: Tapedeck.settableVerbs, environment: { environment[$0] }
    ) { path, isNamed in
      guard let file else {
        if isNamed { throw Failure(.noInput, "\(path): cannot be read") }
        return nil
      }
      return Array(file.utf8)
    }
  }

  @Test("a variable stands for an option of the verb, and an option that is given wins")
  func environment() throws {
    let environment = [
      "TAPEDECK_PACE": "2x", "TAPEDECK_IDLE_TIME_LIMIT": "1s", "TAPEDECK_FILE": "x",
    ]
    #expect(
      try Self.layered("plan", "a.tape", environment: environment).merged
        == ["plan", "--pace=2x", "--idle-time-limit=1s", "a.tape"])
    #expect(
      try Self.layered("plan", "a.tape", "--pace=4x", environment: environment).merged
        == ["plan", "--idle-time-limit=1s", "a.tape", "--pace=4x"])
    #expect(try Self.layered("plan", "a", environment: ["TAPEDECK_PACE": ""]).merged.count == 2)
    #expect(try Self.layered("--version", environment: environment).merged == ["--version"])
    #expect(try Self.layered(environment: environment).merged.isEmpty)
  }

  @Test("a variable goes before the file, and the file before the default")
  func file() throws {
    let environment = ["TAPEDECK_PACE": "2x"]
    let layered = try Self.layered("plan", "a.tape", environment: environment, file: Self.file)
    #expect(
      layered.merged == ["plan", "--pace=2x", "--seed=7", "--fault=end", "--fault=bom", "a.tape"])
    #expect(
      Set(layered.settings.map(\.origin))
        == ["TAPEDECK_PACE", "tapedeck.json: plan.seed", "tapedeck.json: plan.fault"])
    #expect(try Self.layered("show", "a.tape", file: Self.file).merged == ["show", "a.tape"])
  }

  @Test("the uppermost layer that names a repeatable option has the whole list")
  func lists() throws {
    let environment = ["TAPEDECK_FAULT": "stall:1s\nrechunk:7\n"]
    #expect(
      try Self.layered("plan", "a", environment: environment, file: Self.file).merged
        == ["plan", "--pace=4x", "--seed=7", "--fault=stall:1s", "--fault=rechunk:7", "a"])
    let given = try Self.layered(
      "plan", "--fault", "none", "a", environment: environment, file: Self.file)
    #expect(given.merged == ["plan", "--pace=4x", "--seed=7", "--fault", "none", "a"])
    let record = try Self.layered(
      "record", "-H", "a: b", "url", environment: ["TAPEDECK_HEADER": "c: d"])
    #expect(record.merged == ["record", "-H", "a: b", "url"])
  }

  @Test(
    "a variable turns a flag on or off, an empty one says nothing, and off wins over the file's on",
    arguments: [
      ("1", true), ("true", true), ("on", true), ("Yes", true), ("0", false), ("false", false),
      ("off", false), ("no", false), ("", true),
    ])
  func flags(value: String, isOn: Bool) throws {
    let merged = try Self.layered(
      "serve", "x", environment: ["TAPEDECK_REQUIRE_SESSION": value],
      file: #"{"serve": {"require-session": true}}"#
    ).merged
    #expect(merged.contains("--require-session") == isOn)
    #expect(throws: Failure.self) {
      try Self.layered("serve", "x", environment: ["TAPEDECK_FAIL_ON_LOOSE": "maybe"])
    }
  }

  @Test("the file is tapedeck.json unless another is named, and none for none")
  func whichFile() throws {
    func path(_ arguments: String..., environment: [String: String] = [:]) throws -> String? {
      var seen: String?
      _ = try LayeredArguments(
        ["plan"] + arguments, verbs: Tapedeck.settableVerbs, environment: { environment[$0] },
        read: { path, isNamed in
          seen = path + (isNamed ? " named" : "")
          return nil
        })
      return seen
    }
    let variable = ["TAPEDECK_CONFIG": "b.json"]
    #expect(try path("x") == "tapedeck.json")
    #expect(try path("x", environment: variable) == "b.json named")
    #expect(try path("x", "--config", "a.json", environment: variable) == "a.json named")
    #expect(try path("--config=a.json", "x", "--config=c.json") == "c.json named")
    #expect(try path("x", "--config", "none", environment: variable) == nil)
    #expect(try path("x", environment: ["TAPEDECK_CONFIG": ""]) == nil)
    #expect(try path("x", "--config", "tapedeck.json") == "tapedeck.json named")
    #expect(try path("x", "--help") == nil && path("x", "-h") == nil)
    #expect(try path("--", "--config", "a.json") == "tapedeck.json")
    #expect(throws: Failure.self) { try Self.layered("plan", "x", "--config", "a.json") }
  }

  @Test("a failure names where the value came from, unless it was typed")
  func blame() throws {
    let layered = try Self.layered(
      "serve", "x", "--seed=x",
      environment: ["TAPEDECK_PACE": "fast", "TAPEDECK_SEED": "1", "TAPEDECK_NO_DIRECTIVES": "1"],
      file: #"{"serve": {"port": "x", "require-session": true}}"#)
    func blamed(_ text: String, _ code: Failure.Code = .usage) -> String {
      Failure(code, text).blaming(layered.settings).description
    }
    #expect(blamed("--pace: 'fast' is not a pace") == "TAPEDECK_PACE: 'fast' is not a pace")
    #expect(
      blamed("'x' is invalid for '--port <n>'")
        == "tapedeck.json: serve.port: 'x' is invalid for '--port <n>'")
    #expect(
      blamed("--require-session needs what --no-directives turns off")
        == "tapedeck.json: serve.require-session, TAPEDECK_NO_DIRECTIVES: "
        + "--require-session needs what --no-directives turns off")
    for text in ["--seed: 'x' is not a seed", "--port-file: x", "no option at all"] {
      #expect(blamed(text) == text)
    }
    #expect(blamed("--pace: x", .noInput) == "--pace: x")
  }

  @Test("what the command behind -- is called with is nobody's option")
  func terminated() throws {
    let given = TerminatedArguments(["serve", "x", "--", "sh", "-c", "", "--pace", "--"]).merged
    #expect(
      given
        == [
          "serve", "x", "--command-argument==sh", "--command-argument==-c",
          "--command-argument==", "--command-argument==--pace", "--command-argument==--",
        ])
    #expect(TerminatedArguments(["show", "--", "x"]).merged == ["show", "--", "x"])
    let merged = try LayeredArguments(
      given, verbs: Tapedeck.settableVerbs, environment: { $0 == "TAPEDECK_PACE" ? "2x" : nil },
      read: { _, _ in nil }
    ).merged
    #expect(merged[1] == "--pace=2x")
  }
}
