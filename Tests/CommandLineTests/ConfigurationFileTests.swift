import Testing

@testable import TapedeckCLI

@Suite("The configuration file is read strictly")
struct ConfigurationFileTests {
  private static func failure(_ text: String) -> String? {
    do {
      _ = try ConfigurationFile(
        path: "t.json", bytes: Array(text.utf8), verbs: Tapedeck.settableVerbs)
      return nil
    } catch {
      guard let failure = error as? Failure, failure.code == .badData else { return "\(error)" }
      return failure.description
    }
  }

  @Test(
    "a file that is wrong is refused with where and why, whichever verb it is about",
    arguments: [
      ("", "t.json:1:1: the JSON ends inside a value"),
      ("{\n  \"sérve\": }", "t.json:2:12: the JSON has an unexpected '}'"),
      ("{} {}", "t.json:1:4: the JSON goes on after its value"),
      ("[]", "t.json: must be a JSON object with a key for each verb"),
      (#"{"sevre": {}}"#, "t.json: there is no verb 'sevre'; did you mean 'serve'?"),
      (#"{"plan": 1}"#, "t.json: plan: must be a JSON object with a key for each option"),
      (
        #"{"serve": {"requiresession": true}}"#,
        "t.json: serve: there is no option 'requiresession'; did you mean 'require-session'?"
      ),
      (#"{"plan": {}, "plan": {}}"#, "t.json: has 'plan' twice"),
      (#"{"plan": {"seed": 1, "seed": 2}}"#, "t.json: plan: has 'seed' twice"),
      (#"{"plan": {"json": "yes"}}"#, "t.json: plan.json: takes true or false"),
      (#"{"plan": {"pace": ["2x"]}}"#, "t.json: plan.pace: takes one value, not an array"),
      (
        #"{"plan": {"pace": true}}"#,
        "t.json: plan.pace: takes a non-empty string or a number"
      ),
      (
        #"{"plan": {"fault": [["end"]]}}"#,
        "t.json: plan.fault: takes a non-empty string or a number"
      ),
      (
        #"{"plan": {"pace": ""}}"#,
        "t.json: plan.pace: takes a non-empty string or a number"
      ),
    ])
  func refused(text: String, expected: String) {
    #expect(Self.failure(text) == expected)
  }

  @Test("numbers keep their text, one value may stand for a list, and an empty list names none")
  func values() throws {
    let text = #"{"plan": {"seed": 18446744073709551615, "fault": "end"}, "serve": {"fault": []}}"#
    let file = try ConfigurationFile(
      path: "t.json", bytes: Array(text.utf8), verbs: Tapedeck.settableVerbs)
    let plan = file.layer(for: "plan")
    #expect(
      plan.setting(SettingName(name: "seed", kind: .value))?.arguments
        == ["--seed=18446744073709551615"])
    #expect(
      plan.setting(SettingName(name: "fault", kind: .list))?.arguments == ["--fault=end"])
    #expect(
      file.layer(for: "serve").setting(SettingName(name: "fault", kind: .list))?.arguments == [])
    #expect(file.layer(for: "show").setting(SettingName(name: "json", kind: .flag)) == nil)
  }

  @Test("a place counts lines and characters from 1")
  func places() {
    let text = Array("a\né\"x".utf8)
    #expect([0, 1, 2, 4, 99].map { TextPlace(of: $0, in: text).line } == [1, 1, 2, 2, 2])
    #expect([0, 1, 2, 4, 99].map { TextPlace(of: $0, in: text).column } == [1, 2, 1, 2, 4])
  }
}
