import Testing

@testable import Planning

@Suite("A misspelt name finds the one that was meant")
struct SpellingTests {
  static let names = ["record", "serve", "play", "new_episodes", "reset", "rechunk"]

  @Test(
    "few edits, another case or a beginning are enough",
    arguments: [
      ("serv", "serve"), ("sevre", "serve"), ("SERVE", "serve"), ("recrod", "record"),
      ("new", "new_episodes"), ("plya", "play"), ("rec", nil), ("xyzzy", nil), ("", nil),
      ("pl", nil), ("resett", "reset"), ("show", nil), ("sreve", "serve"), ("xerve", "serve"),
      ("nonesuch", nil), ("presets", "reset"), ("chunk", nil),
    ] as [(String, String?)])
  func nearest(word: String, expected: String?) {
    #expect(Spelling.nearest(to: word, among: Self.names) == expected)
  }

  @Test(
    "an edit inserts, leaves out, replaces or swaps",
    arguments: [
      ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "xbc", 1),
      ("kitten", "sitting", 3), ("größe", "grosse", 3),
    ])
  func distance(a: String, b: String, expected: Int) {
    #expect(Spelling.distance(a, b) == expected)
    #expect(Spelling.distance(b, a) == expected)
  }

  @Test("a very long word costs no more than its beginning")
  func bounded() {
    let long = String(repeating: "x", count: 1_000_000)
    #expect(Spelling.nearest(to: long, among: Self.names) == nil)
    #expect(Spelling.distance(long, "y") == 64)
    #expect(Spelling.nearest(to: "pace", among: []) == nil)
  }

  @Test("what is said lists the names, with a question where one is near")
  func advice() {
    #expect(
      Spelling.advice(on: "plai", among: ["play", "show"])
        == "; did you mean 'play'? There are play, show")
    #expect(Spelling.advice(on: "x", among: ["play", "show"]) == ": there are play, show")
    #expect(Spelling.advice(on: "x", among: ["play", "show"], listing: 1) == ": there are play")
  }
}
