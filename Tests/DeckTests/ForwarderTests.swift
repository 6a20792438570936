import Cassettes
import Dispatch
import Foundation
import Planning
import Recorder
import Redaction
import Testing
import Units

@testable import Deck
@testable import Matching

@Suite("A recording goes first", .timeLimit(.minutes(1)))
struct ForwarderTests {
  /// Waits for what other threads do, at most so long that a test which hangs fails instead.
  private func wait(for semaphore: DispatchSemaphore) -> Bool {
    semaphore.wait(timeout: .now() + .seconds(20)) == .success
  }

  private func isThere(_ path: String) -> Bool {
    for _ in 0..<2_000 {
      if FileManager.default.fileExists(atPath: path) { return true }
      usleep(10_000)
    }
    return false
  }

  /// Where nobody listens, a recording is over at once.
  private func order(_ forwarder: Forwarder, _ path: String) throws -> ForwardOrder {
    let request = DeckRequest(
      method: "POST", target: "/v1/messages", headers: [], body: [], client: ClientTraits())
    let target = try RequestTarget(parsing: request.target, readsDirectives: true)
    var order = try forwarder.order(request, target, in: "")
    order.cassette = ("t", path)
    return order
  }

  @Test("why it is made is found out beside it, and told before the end of the answer")
  func reason() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("forwarder-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("t.tape").path
    var configuration = DeckConfiguration()
    configuration.forwarding.mode = .auto
    try configuration.forwarding.upstreams.add(parsing: "http://127.0.0.1:1")
    let shelf = Shelf(Library())
    let state = DeckState(configuration, rules: RedactionRules())
    let forwarder = try Forwarder(configuration, shelf: shelf, state: state)
    let (found, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    var order = try order(forwarder, path)
    order.number = state.journal.open(JournalEntry(at: 0))
    order.reason = {
      found.wait()
      return nil
    }
    let made = order
    try await TestDeck.blocking {
      _ = try forwarder.start(made) { events in
        if case .ended = events.last { ended.signal() }
      }
      #expect(isThere(path), "the recording waits for the reason")
      // However long that takes: no client waits for it.
      #expect(wait(for: ended))
      found.signal()
    }
    await forwarder.finish(by: .now())
    #expect(try CassetteReader.readAll(path: path).map(\.ending.how) == [.unreachable])
  }
}
