import Testing

@testable import Cassettes

@Suite struct CassetteTargetTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test("nothing, an empty file and a cassette, whole or cut, can be added to, also behind a link")
  func usable() throws {
    let whole = try CassetteWriter.cassette(of: [Samples.example])
    try directory.write("", to: "empty")
    try directory.write(whole, to: "whole")
    try directory.write(CassetteReaderTests.header + Samples.exampleLines, to: "plain")
    try directory.write(Array(whole.prefix(12)), to: "cut in its header")
    try directory.write(Array(whole.dropLast(9)), to: "cut at its end")
    try directory.link("link", to: "nothing yet")
    for name in ["new", "empty", "whole", "plain", "cut in its header", "cut at its end", "link"] {
      try CassetteFile.checkTarget(directory(name))
      try CassetteFile.add(Samples.example, to: directory(name))
    }
    #expect(try directory.exchanges(of: "nothing yet") == [Samples.example])
  }

  @Test(
    "a file that is no cassette, or one of a newer version, cannot",
    arguments: [
      ("import sys\nprint(1)\n", "is not a cassette"), ("{\"tapedeck\":2}\n", "newer tapedeck"),
      ("import", "is not a cassette"), ("\u{1f}x", "after a gzip member"),
      ("\n", "is not a cassette"),
    ])
  func foreign(text: String, says: String) throws {
    for isCompressed in [false, true] where text.utf8.first != 0x1f || !isCompressed {
      let bytes = Array(text.utf8)
      try directory.write(isCompressed ? Deflater.member(of: bytes) : bytes, to: "a.tape")
      let before = try directory.bytes(of: "a.tape")
      let error = try #require(throws: CassetteError.self) {
        try CassetteFile.checkTarget(directory("a.tape"))
      }
      #expect(error.kind == .badData)
      #expect(error.reason.contains(says), "\(error)")
      #expect(error.path == directory("a.tape"))
      #expect(try directory.bytes(of: "a.tape") == before)
    }
  }

  @Test("no path, no directory, a directory, a device and links in a circle are no input")
  func noInput() throws {
    try directory.makeDirectory("folder")
    try directory.link("circle", to: "circle")
    try directory.link("astray", to: "none/a.tape")
    let paths =
      ["", "/dev/null"]
      + ["folder", "folder/", "none/a.tape", "new/", "circle", "astray"].map { directory($0) }
    for path in paths {
      let error = try #require(throws: CassetteError.self, "\(path)") {
        try CassetteFile.checkTarget(path)
      }
      #expect(error.kind == .noInput, "\(error)")
    }
    #expect(directory.names == ["astray", "circle", "folder"])
  }
}
