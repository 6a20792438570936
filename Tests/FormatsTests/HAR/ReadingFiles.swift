import Cassettes
import Documents
import Formats
import Testing

/// What a format makes of a file.
struct ReadFile {
  var captures: [Capture] = []
  var notes: [String] = []

  /// Reads a file in pieces of some bytes.
  init(
    _ format: String, _ bytes: [UInt8], pieceBytes: Int = 1000, limits: DocumentLimits = .init(),
    siblings: [String: [UInt8]] = [:]
  ) throws {
    let format = try #require(ImportFormats.named(format).first)
    var rest = bytes[...]
    let feed: ByteFeed = { limit in
      let piece = Array(rest.prefix(min(limit, pieceBytes)))
      rest.removeFirst(piece.count)
      return piece
    }
    final class Box { var notes: [String] = [] }
    let box = Box()
    var input = ImportInput(feed: feed, fileName: "file", limits: limits) { siblings[$0] }
    input.note = { box.notes.append($0) }
    var captures: [Capture] = []
    try format.read(input) { captures.append($0) }
    self.captures = captures
    notes = box.notes
  }

  init(_ format: String, _ text: String, pieceBytes: Int = 1000) throws {
    try self.init(format, Array(text.utf8), pieceBytes: pieceBytes)
  }
}

extension Capture {
  /// When the pieces of the body came, in microseconds, or nil where that is not known.
  var arrivals: [Int64]? {
    guard case .arrivals(let chunks, _, _) = times else { return nil }
    return chunks.map(\.at.count)
  }

  /// Where the pieces of the body end, or nil where that is not known.
  var ends: [Int]? {
    switch times {
    case .arrivals(let chunks, _, _): chunks.map(\.end)
    case .cuts(let ends): ends
    case .span, .unknown: nil
    }
  }
}

/// Whether an error says in one line where it is and what was expected.
func saysWhere(_ error: any Error) -> Bool {
  switch error {
  case let error as ImportError:
    !error.reason.contains("\n") && (error.line > 0 || error.byte != nil)
  case let error as DocumentError: !error.reason.contains("\n") && error.line > 0
  default: false
  }
}

/// Reads a file cut at every hundredth of its length: each prefix fails with a place, or gives
/// only exchanges of the whole file, the last of which may say that it was cut.
func expectCutsAreSafe(
  _ format: String, _ bytes: [UInt8], isSame: (Capture, Capture) -> Bool
) throws {
  let whole = try ReadFile(format, bytes).captures
  for percent in 0..<100 {
    let part = Array(bytes.prefix(bytes.count * percent / 100))
    do {
      let captures = try ReadFile(format, part).captures
      for (number, capture) in captures.enumerated() {
        let isCut = capture.ending != .complete && number == captures.count - 1
        #expect(
          isCut || (number < whole.count && isSame(capture, whole[number])),
          "cut at \(percent) %: exchange \(number + 1)")
      }
    } catch {
      #expect(saysWhere(error), "cut at \(percent) %: \(error)")
    }
  }
}

/// Puts values of other types in place of each of some texts: none may crash, and each error says
/// where.
func expectMutationsAreSafe(_ format: String, _ text: String, _ places: [String]) throws {
  for place in places {
    #expect(text.contains(place), "the file does not have \(place)")
    for other in ["null", "[]", "{}", "-1", "1e999", "\"x\"", "true", "[[null]]", "{\"a\":{}}"] {
      let mutated = text.replacing(place, with: other, maxReplacements: 1)
      do {
        _ = try ReadFile(format, mutated)
      } catch {
        #expect(saysWhere(error), "\(place) as \(other): \(error)")
      }
    }
  }
}
