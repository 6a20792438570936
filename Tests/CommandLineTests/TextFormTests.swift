import Cassettes
import Testing

@testable import TapedeckCLI

@Suite("Text for people")
struct TextFormTests {
  @Test("numbers are grouped, times are milliseconds with microseconds")
  func numbers() {
    #expect(
      [0, 12, 999, 1000, 1_234_567].map { TextForm.grouped($0) }
        == ["0", "12", "999", "1,000", "1,234,567"])
    #expect(TextForm.time(.init(saturating: 1_153_308)) == "1,153.308 ms")
    #expect(TextForm.time(.init(saturating: 7)) == "0.007 ms")
  }

  @Test("an excerpt cannot drive the terminal, and is no longer than it may be")
  func excerpt() {
    #expect(TextForm.excerpt("a\u{1B}[2J\n\u{9B}\t\r", limit: 20) == "a\\u{1b}[2J\\n\\u{9b}\\t\\r")
    #expect(TextForm.excerpt("abcdef", limit: 3) == "abc…")
  }
}
