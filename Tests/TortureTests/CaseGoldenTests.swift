import Cassettes
import Libc
import Testing
import Torture

/// Users name cases in lists of known failures, so that an id is a promise.
///
/// `RECORD_GOLDENS=1 swift test --filter CaseGoldenTests` writes the lists anew; a line that changes
/// or goes then breaks such lists.
@Suite("Ids and directives stay what they are")
struct CaseGoldenTests {
  private static func path(_ name: String) -> String {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    return "/\(folder)/Goldens/\(name).txt"
  }

  @Test(
    "the cases of a cassette are those of the list",
    arguments: ["anthropic-multibyte", "anthropic-tool-use", "gemini-text", "openai-chat"])
  func list(name: String) throws {
    let catalogue = CaseCatalogue(readTimeout: Microseconds(saturating: 600_000))
    let cases = catalogue.cases(
      of: try Recordings.exchanges(of: name)[0], cassette: name, number: 1)
    let text = cases.map { "\($0.id)\t\($0.fault)\t\($0.expect)\n" }.joined()
    if getenv("RECORD_GOLDENS") != nil { try Self.write(text, to: Self.path(name)) }
    let golden = try Self.read(Self.path(name))
    let lines = Set(text.split(separator: "\n"))
    let gone = golden.split(separator: "\n").filter { !lines.contains($0) }
    #expect(gone.isEmpty, "cases that changed or went")
    #expect(text == golden, "new cases are recorded with RECORD_GOLDENS=1")
  }

  private static func read(_ path: String) throws -> String {
    let file = try #require(fopen(path, "rb"), "\(path) is missing: record it")
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  private static func write(_ text: String, to path: String) throws {
    let file = try #require(fopen(path, "wb"))
    defer { fclose(file) }
    let bytes = Array(text.utf8)
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }
}
