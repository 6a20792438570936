import TestSupport
import Testing

@testable import Patterns

@Suite("A pattern")
struct PatternTests {
  private func starred(_ pattern: String, _ text: String) throws -> String {
    try starred(pattern, Array(text.utf8), cutAt: [])
  }

  /// A text that comes in pieces, with `*` for what a search finds; each position is checked to be
  /// kept to.
  private func starred(_ pattern: String, _ text: [UInt8], cutAt cuts: [Int]) throws -> String {
    var search = PatternSearch(try Pattern(pattern))
    var found: [Range<Int>] = []
    for end in cuts + [text.count] {
      let settled = search.position
      let known = found.count
      search.search(Array(text[..<end]), isFinal: end == text.count, &found)
      #expect(end - search.position <= 4096)
      #expect(search.position >= settled)
      #expect(found[known...].allSatisfy { $0.lowerBound >= settled })
    }
    #expect(search.position == text.count)
    var bytes = text
    for place in found.joined() { bytes[place] = UInt8(ascii: "*") }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    "finds what it matches, or its groups where it has some",
    arguments: [
      ("bob", "bob and bobby", "*** and ***by"),
      ("b.b", "bab bb b\nb bxb", "*** b***\n***xb"),
      (
        "\"user\":\"([^\"]+)\"", "{\"user\":\"bob\",\"x\":\"bob\"}",
        "{\"user\":\"***\",\"x\":\"bob\"}"
      ),
      ("(a)b(c)?", "abc ab xb", "*b* *b xb"),
      ("(?:id=(\\d+);)+", "id=1;id=23;id=x;", "id=*;id=**;id=x;"),
      ("((a)b)c", "abc", "**c"),
      ("x(y)?z", "xz xyz", "** x*z"),
      ("a|ab", "ab", "*b"),
      ("ab|a", "ab a", "** *"),
      ("a+?", "aaa", "***"),
      ("<.+?>", "<a><b>", "******"),
      ("<(.+?)>", "<a><b>", "<*><*>"),
      ("<(.*)>", "<a><b>", "<****>"),
      ("a{2}", "aaaaa", "****a"),
      ("a{2,3}b", "ab aab aaaab", "ab *** a****"),
      ("a{2,}b", "ab aaaab", "ab *****"),
      ("(?i)secret", "SeCrEt", "******"),
      ("(?i)[a-c]+x", "AbCX", "****"),
      (
        "^data: (\\w+)$", "data: one\ndata: two three\r\ndata: four",
        "data: ***\ndata: two three\r\ndata: ****"
      ),
      ("\\bid\\b", "id kid id_ (id)", "** kid id_ (**)"),
      ("\\Bid", "id kid", "id k**"),
      ("[]a]+", "]a[", "**["),
      ("[^]a]", "]ab", "]a*"),
      ("[\\w.-]+@[\\w.-]+", "to a.b-c@d.example, or", "to ***************, or"),
      ("[[:digit:][:upper:]-]+", "aA-1b", "a***b"),
      ("[\\d\\-x]+", "1-x", "***"),
      ("[+-]", "+-*", "***"),
      ("\\x41\\.\\(\\\\", "A.(\\", "****"),
      ("é+", "aéb", "a**b"),
      ("caf.", "café", "*****"),
      ("caf(.)", "café", "caf**"),
      ("(.)x", "éx", "**x"),
      ("^.{2}$", "éü\nabc\n😀é", "****\nabc\n******"),
      ("[^a]", "éa", "**a"),
      ("(?:é|ü)x", "éx üx éü", "*** *** éü"),
      ("\\s", "a b\tc\nd", "a*b*c\nd"),
      ("\\S+", "a\u{0}b c", "*** *"),
      ("\\D\\W", "1a b", "1**b"),
      ("a(?:b|c)*d", "abcbcd", "******"),
      ("(?:a*)*b", "aab", "***"),
      ("(?:^|,)x", "x,x.x", "***.x"),
      ("(?:)a", "a", "*"), ("(?:(a)b)*c", "ababc abx c", "*b*bc abx *"),
      ("x()y|(z)", "xy z", "xy *"), ("(?:(a)|(b))+", "abba", "****"),
    ]
  )
  func finds(pattern: String, text: String, wanted: String) throws {
    #expect(try starred(pattern, text) == wanted)
    let bytes = Array(text.utf8)
    for cut in bytes.indices {
      #expect(try starred(pattern, bytes, cutAt: [cut]) == wanted, "cut at \(cut)")
    }
    #expect(try starred(pattern, bytes, cutAt: Array(bytes.indices)) == wanted)
  }

  @Test(
    "is refused in a sentence that does not show it where it is wrong",
    arguments: [
      ("a)", "closes nothing"), ("(a", "not closed"), ("[a", "not closed"), ("[]", "not closed"),
      ("[", "not closed"), ("[a\\", "not closed"), ("a\\", "ends with a"),
      ("*a", "repeats nothing"), ("{2}", "repeats nothing"), ("a**", "already repeated"),
      ("a{2", "after {"), ("a{3,2}", "after {"), ("a{,2}", "after {"), ("a{1001}", "1000 times"),
      ("(?:abcdefghi){1000}", "too large"),
      ("(?:a?){900}b", "too complex"), ("(?=a)", "only (?:"),
      ("(?", "only (?:"),
      ("\\1", "not known"), ("\\q", "not known"), ("\\n", "spans lines"),
      ("\\xg1", "hexadecimal"),
      ("[b-a]", "a range"), ("[a-\\d]", "a range"), ("[é]", "more than one byte"),
      ("[[:no:]]", "not a class"), ("[[:", "not a class"),
      ("", "empty string"), ("a*", "empty string"), ("a|", "empty string"),
      ("^", "empty string"), ("\\b", "empty string"), ("(?:a?){3}", "empty string"),
      (String(repeating: "(", count: 200), "in each other"),
    ])
  func refused(pattern: String, why: String) {
    let error = #expect(throws: PatternError.self) { try Pattern(pattern) }
    #expect(error?.description.contains(why) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("\n") == false)
  }

  @Test("finds what the engine of the standard library matches, however the text is cut")
  func random() throws {
    var seed = SeededGenerator(11)
    let atoms = ["a", "b", "ab", ".", "[ab]", "[^a]", "(?:a|b)", "(?:ab|a)", "c", "\\b", "^", "$"]
    let counts = ["", "", "", "*", "+", "?", "{2}", "{1,2}", "*?", "+?"]
    for _ in 0..<2_000 {
      var text = ""
      for _ in 0..<Int.random(in: 1...4, using: &seed) {
        let atom = atoms.randomElement(using: &seed) ?? ""
        let isWidthless = ["\\b", "^", "$"].contains(atom)
        text += atom + (isWidthless ? "" : counts.randomElement(using: &seed) ?? "")
        if Int.random(in: 0..<5, using: &seed) == 0 { text += "|c" }
      }
      guard (try? Pattern(text)) != nil else { continue }
      let bytes = (0..<20).map { _ in "aaabbc \n".utf8.randomElement(using: &seed) ?? 0 }
      let plain = String(decoding: bytes, as: UTF8.self)
      let regex = try Regex(text).anchorsMatchLineEndings().wordBoundaryKind(.simple)
      let ranges = plain.matches(of: regex).map(\.range)
      // Ours never goes over the end of a line, theirs does with a class.
      guard !ranges.contains(where: { plain[$0].contains("\n") }) else { continue }
      var wanted = bytes
      for range in ranges {
        let low = plain.utf8.distance(from: plain.startIndex, to: range.lowerBound)
        let high = plain.utf8.distance(from: plain.startIndex, to: range.upperBound)
        for place in low..<high { wanted[place] = UInt8(ascii: "*") }
      }
      let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &seed) }.sorted()
      let found = try starred(text, bytes, cutAt: cuts)
      #expect(found == String(decoding: wanted, as: UTF8.self), "\(text) in \(plain)")
    }
  }

  @Test("finds 2 KiB wherever they stand, and of a longer match 4 KiB and the rest of its word")
  func longMatches() throws {
    func run(_ count: Int) -> String { String(repeating: "x", count: count) }
    func stars(_ count: Int) -> String { String(repeating: "*", count: count) }
    let inside = "<" + run(3000) + "<" + run(2000) + ">"
    #expect(try starred("<[^>]*>", inside) == "<" + run(3000) + stars(2002))
    let word = "key=" + run(9000) + " key"
    #expect(try starred("key=[^ ]+", word) == stars(9004) + " key")
    #expect(try starred("key=.+", word) == stars(9004) + " key")
    #expect(try starred("(?:key=)x+", "\"" + word) == "\"" + stars(9004) + " key")
    let bytes = Array(word.utf8)
    let cuts = Array(stride(from: 1, to: bytes.count, by: 501))
    #expect(try starred("key=[^ ]+", bytes, cutAt: cuts) == stars(9004) + " key")
    #expect(try starred("<[^>]*>", "<" + run(5000) + ">") == "<" + run(5000) + ">")
  }

  @Test("needs a bounded number of steps for a byte, whatever the pattern and the text")
  func bounded() throws {
    let text = Array(repeating: UInt8(ascii: "a"), count: 40_000)
    // With one that tries again from every byte, each of these takes minutes.
    for pattern in [
      "[a-z]+@x", "(?:a+)+b", "(?:a|aa)+b", "a*a*a*a*b", "a.{50}b", "(?:(a)c)*b", "a.{200}b",
      "(?:a|b)*a(?:a|b){300}c", "[a-z]{1,1000}@",
    ] {
      #expect(try starred(pattern, text, cutAt: []) == String(decoding: text, as: UTF8.self))
    }
  }

  @Test("what prefers a short match does not read on behind it again and again")
  func shortMatches() throws {
    let text = Array(repeating: UInt8(ascii: "a"), count: 40_000)
    #expect(try starred("a.*b|a", text, cutAt: []) == String(repeating: "*", count: 40_000))
  }
}
