import Reports
import Testing

@Suite("A template")
struct TemplateTests {
  static let value: TemplateValue = [
    "name": "<b>", "yes": true, "no": false, "empty": [],
    "list": ["a", "b"], "rows": [["n": "1"], ["n": "2", "name": "inner"]],
    "a": ["b": ["c": "deep"]],
  ]

  @Test(
    "shows values in its places",
    arguments: [
      ("plain } text {", "plain } text {"), ("{{name}}", "&lt;b&gt;"), ("{{{name}}}", "<b>"),
      ("{{& name }}", "<b>"), ("[{{missing}}]", "[]"), ("{{a.b.c}}", "deep"),
      ("{{a.b.x}}{{a.x.c}}", ""), ("{{#list}}{{.}},{{/list}}", "a,b,"),
      ("{{#rows}}{{n}}{{name}};{{/rows}}", "1&lt;b&gt;;2inner;"),
      ("{{#yes}}y{{/yes}}{{#no}}n{{/no}}{{^no}}N{{/no}}", "yN"),
      ("{{^empty}}none{{/empty}}{{#empty}}some{{/empty}}", "none"),
      ("{{! a comment\nof two lines }}x", "x"),
      ("{{#a}}{{#b}}{{c}}{{name}}{{/b}}{{/a}}", "deep&lt;b&gt;"),
      ("{{ name }}", "&lt;b&gt;"),
    ])
  func rendered(text: String, expected: String) throws {
    #expect(try Template(text).rendered(Self.value) == expected)
  }

  @Test("takes the line of a tag that stands alone on it, and no other")
  func standalone() throws {
    let text =
      "<ul>\n  {{#list}}\n  <li>{{.}}</li>\n  {{/list}}\n</ul>\n{{#yes}} x {{/yes}}\n{{!c}}\nend"
    #expect(
      try Template(text).rendered(Self.value)
        == "<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>\n x \nend")
  }

  @Test("puts in others, and not without end")
  func partials() throws {
    let row = try Template("({{n}})")
    let endless = try Template("o{{>endless}}")
    #expect(
      try Template("{{#rows}}{{>row}}{{/rows}}").rendered(Self.value, partials: ["row": row])
        == "(1)(2)")
    #expect(endless.rendered(.none, partials: ["endless": endless]).count < 100)
  }

  @Test(
    "says where it is none",
    arguments: [
      ("a\n{{name", "line 2: a tag does not end with }}"),
      ("{{#a}}\n\n{{#b}}", "line 3: the section 'b' does not end"),
      ("x{{/a}}", "line 1: the section 'a' ends and has not begun"),
      ("{{#a}}{{/b}}", "line 1: the section 'b' ends and has not begun"),
    ])
  func flaws(text: String, expected: String) {
    #expect { try Template(text) } throws: { "\($0)" == expected }
  }
}
