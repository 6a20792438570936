import Documents
import Formats
import HTTP
import Testing

/// Reads a text by a format; its bytes come a few at a time.
func captures(_ format: String, _ text: String) throws -> [Capture] {
  try captures(format, Array(text.utf8))
}

func captures(_ format: String, _ bytes: [UInt8]) throws -> [Capture] {
  var rest = bytes[...]
  let input = ImportInput(
    feed: { limitBytes in
      let piece = Array(rest.prefix(min(limitBytes, 61)))
      rest = rest.dropFirst(piece.count)
      return piece
    }, fileName: "test")
  var captures: [Capture] = []
  try #require(ImportFormats.named(format).first).read(input) { captures.append($0) }
  return captures
}

/// The error of a file that cannot be read: its line and its words.
func failure(_ format: String, _ text: String) -> (line: Int, reason: String)? {
  do {
    _ = try captures(format, text)
    return nil
  } catch let error as ImportError {
    return (error.line, error.reason)
  } catch let error as DocumentError {
    return (error.line, error.reason)
  } catch {
    return (-1, "\(error)")
  }
}

extension Capture {
  var text: String { String(decoding: body, as: UTF8.self) }

  var asked: String { "\(request.method ?? "-") \(request.url ?? "-")" }
}
