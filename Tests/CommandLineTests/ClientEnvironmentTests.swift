import Testing

@testable import TapedeckCLI

@Suite("The variables by which clients find the deck")
struct ClientEnvironmentTests {
  private static func variables(
    host: String = "127.0.0.1", givesKeys: Bool = true, _ set: [String: String] = [:]
  ) -> [String: String] {
    let environment = ClientEnvironment(host: host, port: 4010, givesKeys: givesKeys) { set[$0] }
    return Dictionary(environment.variables) { $1 }
  }

  @Test("the base URLs are those that the SDKs want, and loopback goes past any proxy")
  func baseURLs() {
    let variables = Self.variables(["NO_PROXY": "example.com,localhost"])
    let base = "http://127.0.0.1:4010"
    #expect(variables["TAPEDECK_URL"] == base)
    #expect(variables["ANTHROPIC_BASE_URL"] == base)
    #expect(variables["OPENAI_BASE_URL"] == "\(base)/v1")
    #expect(variables["GOOGLE_GEMINI_BASE_URL"] == base)
    #expect(variables["NO_PROXY"] == "example.com,localhost,127.0.0.1")
    #expect(variables["no_proxy"] == "127.0.0.1,localhost")
    #expect(Self.variables(host: "::1")["TAPEDECK_URL"] == "http://[::1]:4010")
    #expect(Self.variables(host: "0.0.0.0")["TAPEDECK_URL"] == base)
  }

  @Test("a key is a dummy where none is set, and where requests are forwarded there is none")
  func keys() {
    let names = ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY"]
    let dummies = Self.variables()
    #expect(names.allSatisfy { dummies[$0] == "tapedeck" } && dummies["GOOGLE_API_KEY"] == nil)
    let some = Self.variables(["OPENAI_API_KEY": "mine", "ANTHROPIC_API_KEY": ""])
    #expect(some["OPENAI_API_KEY"] == nil && some["ANTHROPIC_API_KEY"] == "tapedeck")
    let others = Self.variables(["GOOGLE_API_KEY": "mine", "ANTHROPIC_AUTH_TOKEN": "mine"])
    #expect(others["GEMINI_API_KEY"] == nil && others["ANTHROPIC_API_KEY"] == nil)
    let forwarding = Self.variables(givesKeys: false)
    #expect(names.allSatisfy { forwarding[$0] == nil })
    #expect(forwarding["ANTHROPIC_BASE_URL"] != nil)
  }

  @Test("what a shell takes is quoted where it must be")
  func lines() {
    let lines = ClientEnvironment(host: "127.0.0.1", port: 1, givesKeys: false) {
      $0 == "NO_PROXY" ? "it's" : nil
    }.lines
    #expect(lines.first == "http://127.0.0.1:1")
    #expect(lines.contains("export GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:1"))
    #expect(lines.contains(#"export NO_PROXY='it'\''s,127.0.0.1,localhost'"#))
  }
}
