import Libc
import LosslessJSON

/// A client in Swift, as `tapedeck torture` starts one: it asks the base URL in `TAPEDECK_URL`, or
/// with `--keep` each that comes on standard input.
@main
enum TortureClient {
  static func main() async {
    guard CommandLine.arguments.contains("--keep") else {
      let base = getenv("TAPEDECK_URL").map { String(cString: $0) } ?? ""
      let outcome = await ask(base) { write($0) }
      if let error = outcome.error {
        write(Array("\(error)\n".utf8), to: STDERR_FILENO)
        exit(1)
      }
      return
    }
    while let base = readLine() {
      let outcome = await ask(base) { _ in }
      let said = JSONValue.object([
        .init("text", .string(outcome.text)), .init("error", string(outcome.error)),
        .init("finish", string(outcome.finish)),
      ])
      write(said.bytes + [UInt8(ascii: "\n")])
    }
  }

  /// What a client tells of an answer.
  private struct Outcome {
    var text: [UInt8] = []
    var error: String?
    var finish: String?
  }

  private static func ask(_ base: String, _ deliver: ([UInt8]) -> Void) async -> Outcome {
    var outcome = Outcome()
    guard let api = StreamingAPI(base: base) else {
      outcome.error = "expected a base URL with the cassette of an API, found '\(base)'"
      return outcome
    }
    do {
      outcome.finish = try await RightClient(api).stream(from: base) { text in
        outcome.text += text
        deliver(text)
      }
    } catch let broken as RightClient.Broken {
      outcome.error = broken.reason
    } catch {
      outcome.error = "\(error)"
    }
    return outcome
  }

  private static func string(_ text: String?) -> JSONValue {
    text.map { JSONValue.string($0) } ?? .null
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Libc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
