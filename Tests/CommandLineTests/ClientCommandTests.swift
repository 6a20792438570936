import Libc
import Testing

@testable import TapedeckCLI

@Suite("Signals for the command")
struct ClientCommandTests {
  @Test("what the terminal's keys send has reached the command already; all else is passed on")
  func passedOn() {
    for number in ClientCommand.signals {
      let isKey = [SIGINT, SIGQUIT].contains(number)
      #expect(ClientCommand.isPassedOn(ReceivedSignal(number: number, isFromKernel: false)))
      #expect(
        ClientCommand.isPassedOn(ReceivedSignal(number: number, isFromKernel: true)) != isKey)
    }
  }

  @Test(
    "a command whose deck has failed is told to end and is not left behind", .timeLimit(.minutes(1))
  )
  func cancelled() async throws {
    let mark = "/tmp/tapedeck-command-\(getpid())"
    defer { for suffix in [".runs", ".told"] { unlink(mark + suffix) } }
    let script = """
      trap 'touch "$0.told"; exit 0' TERM
      touch "$0.runs"
      while :; do sleep 0.01; done
      """
    let command = ClientCommand(
      words: ["/bin/sh", "-c", script, mark],
      environment: ClientEnvironment(host: "127.0.0.1", port: 1, givesKeys: false))
    let run = Task { try await command.run(passingOn: AsyncStream { _ in }) }
    while access(mark + ".runs", F_OK) != 0 { try await Task.sleep(for: .milliseconds(5)) }
    run.cancel()
    _ = await run.result
    #expect(access(mark + ".told", F_OK) == 0)
  }
}
