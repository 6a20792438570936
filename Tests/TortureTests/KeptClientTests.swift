import Cassettes
import Judging
import Libc
import TestSupport
import Testing
import Units

@testable import Torture

@Suite("A client that is kept")
struct KeptClientTests {
  /// Gives a shell some base URLs, one after the other.
  static func visits(
    _ script: String, _ count: Int, within limit: Duration = .seconds(20)
  ) async throws -> [ClientAccount] {
    try await blocking {
      var client = KeptClient(["sh", "-c", script], limitBytes: 1000, variables: [])
      var accounts: [ClientAccount] = []
      for number in 1...count {
        accounts.append(
          try client.visit(
            ClientVisit(
              baseURL: "http://\(number)", caseID: "", outcomeURL: "",
              request: RecordedRequest(id: "", at: "", method: "POST"),
              clock: CaseClock(until: .now() + limit))))
      }
      return accounts
    }
  }

  private static let echo =
    #"while read -r url; do printf '{"text":"%s","error":null,"finish":"stop"}\n' "$url"; done"#

  @Test("answers each base URL with a line")
  func answers() async throws {
    let accounts = try await Self.visits(Self.echo, 3)
    for (index, account) in accounts.enumerated() {
      #expect(
        account.delivered
          == Delivered(
            text: Array("http://\(index + 1)".utf8), claim: .complete, finish: "stop"))
    }
  }

  @Test("says of an answer that it failed")
  func failed() async throws {
    let accounts = try await Self.visits(
      #"while read -r url; do echo '{"text":"a\u00e9","error":"reset"}'; done"#, 1)
    #expect(
      accounts[0].delivered
        == Delivered(text: Array("aé".utf8), claim: .error, error: "reset", finish: nil))
  }

  @Test("is started again once it has ended, or took too long")
  func restarted() async throws {
    let dying = try await Self.visits("read -r url; kill -KILL $$", 2)
    #expect(dying.map(\.delivered.end) == [.signaled(SIGKILL), .signaled(SIGKILL)])
    let slow = try await Self.visits(
      "read -r url; case $url in *1) sleep 100;; esac; echo '{\"text\":\"x\"}'; sleep 100", 1,
      within: .milliseconds(300))
    #expect(slow[0].delivered.end == .timedOut)
  }

  @Test(
    "has its answer refused that is no line of JSON",
    arguments: ["read -r url; echo hello; sleep 100", "read -r url; echo '{\"error\":null}'"])
  func unfit(script: String) async throws {
    let account = try await Self.visits(script, 1)[0]
    #expect(account.failure?.contains("expected one JSON line") == true)
  }

  @Test("has an answer refused that does not end")
  func endless() async throws {
    let account = try await Self.visits("read -r url; yes | tr -d '\\n'", 1)[0]
    #expect(account.failure?.contains("no line end") == true)
  }
}
