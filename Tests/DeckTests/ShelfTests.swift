import Cassettes
import Testing

@testable import Deck
@testable import Matching

@Suite("A library changes while it is served, and identities stay true")
struct ShelfTests {
  private static let exchanges = (0..<3).map {
    Exchange.recorded(["data: \($0)\n\n"], body: "\($0)", at: $0)
  }

  private static func shelf(_ exchanges: [Exchange], recordedBytes: Int = 1 << 20) -> Shelf {
    var library = Library()
    library.add(cassette: "main", exchanges, path: "/t/main.tape")
    return Shelf(library, recordedBytes: recordedBytes)
  }

  /// What is on the cassettes: of each entry its cassette, place, identity and body.
  private static func contents(_ library: Library) -> [String] {
    library.entries.map { entry in
      let body = String(decoding: entry.exchange.request.body, as: UTF8.self)
      return "\(entry.cassette) \(entry.number) id\(entry.id) \(body)"
    }
  }

  /// The bodies that are recorded for a path, in the order in which they would be played.
  private static func order(_ library: Library, target: String = "/v1/messages") -> String {
    library.entries(for: RequestLine(method: "POST", target: target))
      .map { String(decoding: $0.exchange.request.body, as: UTF8.self) }.joined()
  }

  @Test(
    "what is added stands last on its cassette and in recorded order, a snapshot stays as it was")
  func adding() {
    let shelf = Self.shelf([Self.exchanges[0], Self.exchanges[2]])
    let before = shelf.library
    #expect(
      shelf.add(Self.exchanges[1], cassette: "x", path: "/t/./main.tape", session: "")?.id == 2)
    #expect(shelf.add(Self.exchanges[0], cassette: "s", path: "/t/s.tape", session: "s")?.id == 3)
    #expect(
      Self.contents(shelf.library) == ["main 1 id0 0", "main 2 id1 2", "main 3 id2 1", "s 1 id3 0"])
    // A clock may step back: on one cassette the place counts.
    #expect(Self.order(shelf.library) == "0210")
    #expect(Self.order(before) == "02")
    #expect(shelf.library.cassette(path: "/t//s.tape")?.name == "s")
  }

  @Test("the methods of a path are those of every path that is one with it")
  func methods() {
    let stable = "/v1/models/m:generateContent"
    let shelf = Self.shelf([
      .recorded([], target: stable), .recorded([], method: "GET", target: "/x"),
    ])
    for target in [stable, "/v1beta/models/m:generateContent"] {
      let line = RequestLine(method: "OPTIONS", target: target)
      #expect(shelf.library.methods(for: line) == ["POST"])
    }
  }

  @Test("an exchange that was read from its file before it is added is there once")
  func addingWhatWasRead() {
    let shelf = Self.shelf(Array(Self.exchanges.prefix(1)))
    shelf.replace(cassette: "/t/main.tape", named: "main", with: Array(Self.exchanges.prefix(2)))
    let id = shelf.add(Self.exchanges[1], cassette: "main", path: "/t/main.tape", session: "a")?.id
    #expect(id == 1)
    #expect(Self.contents(shelf.library) == ["main 1 id0 0", "main 2 id1 1"])
    #expect(shelf.library.entries[1].origin == .recorded(session: "a"))
    #expect(
      shelf.library.entries(for: shelf.library.entries[1].request.line)[1].origin
        == .recorded(session: "a"))
    // And the other way round.
    shelf.replace(cassette: "/t/main.tape", named: "main", with: Array(Self.exchanges.prefix(2)))
    #expect(Self.contents(shelf.library) == ["main 1 id0 0", "main 2 id1 1"])
    #expect(shelf.library.entries[1].origin == .recorded(session: "a"))
  }

  @Test("what is read anew keeps the identity of what did not change, and gives none to another")
  func replacing() {
    let shelf = Self.shelf(Self.exchanges)
    var changed = Self.exchanges[1]
    changed.append(chunk: [1], at: .zero)
    shelf.replace(
      cassette: "/t/main.tape", named: "main", with: [Self.exchanges[2], changed])
    #expect(Self.contents(shelf.library) == ["main 1 id2 2", "main 2 id3 1"])
    #expect(Self.order(shelf.library) == "21")
    shelf.remove(cassette: "/t/main.tape")
    #expect(shelf.library.cassettes.isEmpty)
    shelf.replace(cassette: "/t/main.tape", named: "main", with: Self.exchanges)
    #expect(Self.contents(shelf.library).first == "main 1 id4 0")
    #expect(Self.order(shelf.library) == "012")
  }

  @Test("twins on one cassette stay two")
  func twins() {
    let twins = [Self.exchanges[0], Self.exchanges[0]]
    let shelf = Self.shelf(twins)
    shelf.replace(cassette: "/t/main.tape", named: "main", with: twins)
    #expect(Self.contents(shelf.library) == ["main 1 id0 0", "main 2 id1 0"])
  }

  @Test("what was added while a file was read stays, behind what was read")
  func addingWhileReading() {
    let shelf = Self.shelf([Self.exchanges[0]])
    let mark = shelf.mark
    _ = shelf.add(Self.exchanges[1], cassette: "main", path: "/t/main.tape", session: "")
    shelf.replace(
      cassette: "/t/main.tape", named: "main", with: [Self.exchanges[0], Self.exchanges[2]],
      readSince: mark)
    #expect(Self.contents(shelf.library) == ["main 1 id0 0", "main 2 id2 2", "main 3 id1 1"])
    shelf.remove(cassette: "/t/main.tape", goneSince: mark)
    #expect(Self.contents(shelf.library) == ["main 1 id2 2", "main 2 id1 1"])
  }

  @Test("what this deck recorded takes up bounded memory, and gives it back when it goes")
  func bounded() {
    let size = Library.Entry.sizeBytes(of: Self.exchanges[0])
    let shelf = Self.shelf([], recordedBytes: 2 * size)
    let add = { (number: Int) in
      shelf.add(Self.exchanges[number], cassette: "main", path: "/t/main.tape", session: "")?.id
    }
    #expect([add(0), add(1), add(2)] == [0, 1, nil])
    #expect(shelf.recordedBytes == 2 * size)
    shelf.replace(cassette: "/t/main.tape", named: "main", with: [Self.exchanges[1]])
    #expect(shelf.recordedBytes == size)
    #expect(add(2) == 2)
    shelf.remove(cassette: "/t/main.tape")
    #expect(shelf.recordedBytes == 0)
  }
}
