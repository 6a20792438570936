import Cassettes
import Libc
import Testing

@testable import Deck

@Suite("A watched file is read anew once it is stable, and once for each change")
struct WatchedFilesTests {
  private typealias Seen = [(file: CassettePath.File, stamp: CassettePath.Stamp)]

  /// Three files that exist, whose stamps differ.
  private static let stamps: [Character: CassettePath.Stamp] = {
    let paths = ["1": "/", "2": "/usr", "3": "/etc"]
    var stamps: [Character: CassettePath.Stamp] = [:]
    for (name, path) in paths { stamps[Character(name)] = CassettePath.Stamp(of: path) }
    return stamps
  }()

  private static let file = CassettePath.File(path: "/t/a.tape", name: "a")

  private static func seen(_ look: Character) -> Seen {
    stamps[look].map { [(file, $0)] } ?? []
  }

  /// What is done at each look: `-` is nothing, `r` to read, `x` to remove.
  ///
  /// A look is the stamp that is seen, or `.` for none; the first one is before the deck begins,
  /// and `!` is a change during the last reading.
  private static func actions(_ looks: String) -> String {
    var files = WatchedFiles(seen(looks.first ?? "."))
    var actions = ""
    for look in looks.dropFirst() {
      if look == "!" {
        files.unsettle(file.path)
        continue
      }
      let found = files.look(seen(look))
      #expect(found.count <= 1)
      switch found.first {
      case .read?: actions += "r"
      case .remove?: actions += "x"
      case nil: actions += "-"
      }
    }
    return actions
  }

  @Test(
    "looks and what follows",
    arguments: [
      ("1111", "---"), ("1222", "-r-"), ("12322", "---r"), ("1211", "---"), (".11", "-r"),
      (".1.", "--"), (".1..1", "----"), ("1..", "-x"), ("1....", "-x--"), ("1.1", "--"),
      ("1.2.2", "----"), ("1..11", "-x-r"), ("122!22", "-r-r"), ("122!..", "-rx-"),
      ("1...11", "-x--r"),
    ])
  func looks(looks: String, expected: String) throws {
    #expect(Self.actions(looks) == expected)
  }
}
