import Reports
import Testing

@Suite("Text in a page")
struct MarkupTests {
  @Test(
    "has nothing that is markup",
    arguments: [
      ("</script>", "&lt;/script&gt;"), ("a & 'b' \"c\"", "a &amp; &#39;b&#39; &quot;c&quot;"),
      ("\u{1}\u{FFFF}\n", "\u{FFFD}\u{FFFD}\n"),
    ])
  func escaped(text: String, expected: String) {
    #expect(Markup.escaped(text) == expected)
  }
}
