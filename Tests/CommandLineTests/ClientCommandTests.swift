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
}
