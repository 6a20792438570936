import Cassettes
import Documents
import EventStream
import Formats
import Planning
import Synchronization

/// Reads files of other formats and writes their exchanges into one cassette, or one for each file.
final class ImportRun {
  /// Where the exchanges go.
  enum Target {
    /// All into one cassette.
    case cassette(String)
    /// Those of each file into a cassette of its name in a folder.
    case folder(String)
  }

  private let target: Target
  private let appends: Bool
  private let formats: [any ImportFormat]
  private let finisher: CaptureFinisher
  private let selection: ImportSelection
  private let limits: DocumentLimits
  private var draft: CassetteDraft?

  init(
    into target: Target, appending appends: Bool, as formats: [any ImportFormat],
    finisher: CaptureFinisher, selection: ImportSelection, limits: DocumentLimits = .init()
  ) {
    self.target = target
    self.appends = appends
    self.formats = formats
    self.finisher = finisher
    self.selection = selection
    self.limits = limits
  }

  /// Imports a file.
  ///
  /// - Returns: What became of it; where it failed nothing of it is in a cassette.
  func take(_ source: ImportSources.Source) -> ImportedFile {
    var file = ImportedFile(path: source.path)
    do {
      try read(source, &file)
    } catch {
      file.exchanges = []
      file.failure = Self.failure(error, of: file)
    }
    return file.redacted(by: finisher.rules)
  }

  /// Puts what came from all files where it was asked for.
  func finish() throws {
    guard case .cassette(let path) = target, let draft, draft.exchanges > 0 else { return }
    try commit(draft, to: path)
  }

  private func commit(_ draft: CassetteDraft, to path: String) throws {
    do {
      try draft.commit(appends: appends)
    } catch let error as CassetteError {
      guard error.kind == .exists else { throw error }
      throw Failure(.usage, "\(path) exists: choose another name, or add to it with --append")
    }
  }

  private func read(_ source: ImportSources.Source, _ file: inout ImportedFile) throws {
    let feed = try InputFeed(source.path)
    let name = CassetteWalk.name(of: source.path)
    let opening = Opening(bytes: try feed.opening(limitBytes: Opening.limitBytes), fileName: name)
    guard let format = ImportFormats.detect(opening, among: formats) else {
      guard source.isNamed else {
        file.isUnknown = true
        return
      }
      throw Failure(.badData, "\(source.path): \(unknown(opening))")
    }
    file.format = format.name
    let folder = source.path.lastIndex(of: "/").map { String(source.path[...$0]) } ?? ""
    var input = ImportInput(feed: feed.next, fileName: name, limits: limits) { path in
      try Self.sibling(folder + path, limitBytes: self.limits.nodeBytes)
    }
    let notes = ImportNotes()
    input.note = { notes.lines.append($0) }
    defer { file.notes = notes.lines }
    let draft = try self.draft(for: source)
    let mark = try draft.mark()
    do {
      var number = 0
      var made: [ImportedSlot] = []
      try format.read(input) { capture in
        number += 1
        guard selection.contains(number) else { return }
        let slot = ImportedSlot()
        made.append(slot)
        try draft.add(weight: capture.weight) { [finisher, number] in
          let finished = try finisher.exchange(of: capture, format: format.name, number: number)
          let said = ImportedExchange(finished, number: number)
          guard said.events <= CassetteLimits().events else {
            throw ImportError(
              "exchange \(number) has \(said.events) events: a cassette takes at most "
                + "\(CassetteLimits().events) of one")
          }
          slot.exchange.withLock { $0 = said }
          return finished.exchange
        }
      }
      _ = try draft.mark()
      file.exchanges = made.compactMap { slot in slot.exchange.withLock { $0 } }
      guard number > 0 else { throw ImportError("expected exchanges of HTTP, and found none") }
      if let largest = selection.largest, largest > number {
        throw Failure(
          .noInput, "\(source.path): there is no exchange \(largest): the file has \(number)")
      }
    } catch {
      try draft.rollBack(to: mark)
      throw error
    }
    if case .folder(let folder) = target {
      let path = "\(folder)/\(source.name).tape"
      try commit(draft, to: path)
      file.cassette = path
    }
  }

  /// Why no format has a file.
  private func unknown(_ opening: Opening) -> String {
    if opening.bytes.isEmpty { return "the file is empty: there is nothing to import" }
    if opening.contains("{\"tapedeck\":") {
      return "this is a cassette already, which needs no import: serve it as it is"
    }
    if formats.count < ImportFormats.all.count {
      let names = formats.map(\.name).joined(separator: ", ")
      return "expected a file of \(names), found none by how it begins: leave --from out, or name "
        + "one of them"
    }
    return "expected a file of a known format, found none by how it begins: name it with --from "
      + "('tapedeck import --help' lists the formats)"
  }

  private func draft(for source: ImportSources.Source) throws -> CassetteDraft {
    switch target {
    case .folder(let folder):
      let path = "\(folder)/\(source.name).tape"
      if let slash = path.lastIndex(of: "/") {
        try CassetteFolder.create(String(path[..<slash]))
      }
      return try CassetteDraft(target: path)
    case .cassette(let path):
      if let draft { return draft }
      let draft = try CassetteDraft(target: path)
      self.draft = draft
      return draft
    }
  }

  private static func sibling(_ path: String, limitBytes: Int) throws -> [UInt8]? {
    guard CassettePath.Stamp(of: path) != nil else { return nil }
    return try InputFile.read(path, limitBytes: limitBytes)
  }

  private static func failure(_ error: any Error, of file: ImportedFile) -> Failure {
    let place = file.format.map { "\(file.path): \($0)" } ?? file.path
    switch error {
    case let error as ImportError: return Failure(.badData, "\(place): \(error)")
    case let error as DocumentError: return Failure(.badData, "\(place): \(error)")
    default: return Failure(error)
    }
  }
}

/// Where the thread that makes an exchange says what it is.
private final class ImportedSlot: Sendable {
  let exchange = Mutex<ImportedExchange?>(nil)
}

extension Capture {
  /// About the bytes that it has in memory.
  fileprivate var weight: Int { body.count + request.body.count + (1 << 10) }
}
