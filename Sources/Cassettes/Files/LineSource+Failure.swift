internal import LosslessJSON

extension LineSource {
  /// Why there is no next line.
  enum Failure: Error {
    /// The file ends inside a gzip member.
    case truncated
    /// A gzip member is not well formed; zlib's words.
    case corrupt(String)
    /// Something that is no gzip member follows one.
    case noise
    /// The file has no first line.
    case empty
    /// A line is not what the format says; it is given in whole.
    case refused(CassetteError, line: [UInt8])
    /// A line is more than the reader takes, and may be as the format says.
    case beyond(CassetteError)
    /// The last line has no LF and is not whole.
    case unfinished(CassetteError, line: [UInt8])
    /// The first line is not that of a cassette.
    case foreign(CassetteError)
    /// The text is larger than it may be.
    case tooLong
    /// A line is longer than it may be.
    case lineTooLong
    /// There are more exchanges than there may be.
    case tooMany
    /// The file cannot be read.
    case system(CassetteError)

    /// Whether what comes before it is worth keeping, so that a recovering reader goes on.
    var isLoss: Bool {
      switch self {
      case .truncated, .corrupt, .noise, .empty, .refused, .unfinished: true
      case .foreign, .tooLong, .lineTooLong, .tooMany, .beyond, .system: false
      }
    }

    /// Whether the file ends too early, with nothing wrong in what is there.
    var isCut: Bool {
      switch self {
      case .truncated, .empty, .unfinished: true
      default: false
      }
    }
  }

  /// Reads the first line and returns the keys that this version does not know.
  mutating func header() throws(Failure) -> [JSONValue.Member] {
    while true {
      let line: UnsafeBufferPointer<UInt8>
      switch try next() {
      case .boundary: continue
      case .line(let whole): line = whole
      case .end:
        guard !pending.isEmpty else { throw .empty }
        line = takeRest()
      }
      do throws(CassetteError) {
        return try CassetteHeader.extra(line: line, nesting: limits.nesting)
      } catch {
        throw .foreign(error)
      }
    }
  }

  /// The error that a user sees.
  func description(of failure: Failure, path: String) -> CassetteError {
    let repair = "run 'tapedeck check --repair \(path.isEmpty ? "FILE" : path)'"
    var error: CassetteError
    switch failure {
    case .system(let error): return error
    case .refused(let refused, _), .unfinished(let refused, _), .foreign(let refused),
      .beyond(let refused):
      error = refused
      error.line = lines
      error.byte = isCompressed ? memberStart : lineStart
      error.path = path
      return error
    default: error = CassetteError(.badData, reason(of: failure, repair: repair), path: path)
    }
    error.line = lines + 1
    error.byte = isBetweenMembers ? diskOffset : memberStart
    return error
  }

  private func reason(of failure: Failure, repair: String) -> String {
    switch failure {
    case .truncated: "ends inside a gzip member: \(repair) to keep what is whole"
    case .corrupt(let words): "has a damaged gzip member (\(words)): \(repair) to keep the rest"
    case .noise: "has other bytes after a gzip member: \(repair) to cut them off"
    case .empty: #"is empty: a cassette begins with the line {"tapedeck":1}"#
    case .tooLong:
      "has more than the limit of \(limits.inflatedBytes) bytes of text (--max-inflated)"
    case .lineTooLong: "has a line of more than the limit of \(limits.lineBytes) bytes (--max-line)"
    case .tooMany: "has more than the limit of \(limits.exchanges) exchanges (--max-exchanges)"
    case .refused(let error, _), .unfinished(let error, _), .foreign(let error),
      .beyond(let error), .system(let error):
      error.reason
    }
  }
}
