public import Cassettes
internal import Libc
internal import Matching

/// Where recordings go: a cassette, or a folder with one a session.
public enum RecordTarget: Hashable, Sendable {
  /// One cassette for everything.
  case file(String)
  /// A cassette `SESSION.tape` for each session.
  case folder(String)

  /// The name of the cassette of requests that name no session.
  public static let unnamed = "default"

  /// Reads a path as a user writes it: a folder is one that is there, or ends with a slash, or has
  /// no `.tape` at its end.
  public init(path: String) {
    var status = stat()
    if stat(path, &status) == 0 {
      self = status.st_mode & S_IFMT == S_IFDIR ? .folder(path) : .file(path)
    } else {
      self = path.hasSuffix(".tape") ? .file(path) : .folder(path)
    }
  }

  /// The path that was given.
  public var path: String {
    switch self {
    case .file(let path), .folder(let path): path
    }
  }

  /// Whether each session has a cassette of its own.
  public var isFolder: Bool { if case .folder = self { true } else { false } }

  /// Makes sure that recordings can be written there: a folder is created, a cassette need not
  /// exist.
  ///
  /// - Throws: Why they cannot be, before anything is asked that costs something.
  public func prepare() throws(CassetteError) {
    switch self {
    case .file(let path): try CassetteFile.checkTarget(path)
    case .folder(let path):
      try CassetteFolder.create(Self.withoutSlash(path))
      try CassetteFile.checkTarget(cassette(of: "").path)
    }
  }

  /// The paths of what has been recorded there: none before the first time.
  public var recordedPaths: [String] {
    switch self {
    case .file(let path): Self.exists(path) ? [path] : []
    case .folder(let path): (try? CassettePath.files(at: path)) == nil ? [] : [path]
    }
  }

  /// The cassette of a session, "" for the unnamed one.
  func cassette(of session: String) -> (name: String, path: String) {
    switch self {
    case .file(let path):
      let file = path.split(separator: "/").last.map(String.init) ?? path
      return (file.hasSuffix(".tape") ? String(file.dropLast(5)) : file, path)
    case .folder(let folder):
      let name = session.isEmpty ? Self.unnamed : SessionCassette.name(of: session)
      return (name, "\(folder)\(folder.hasSuffix("/") ? "" : "/")\(name).tape")
    }
  }

  private static func withoutSlash(_ path: String) -> String {
    path.count > 1 && path.hasSuffix("/") ? withoutSlash(String(path.dropLast())) : path
  }

  /// Whether anything is at a path.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }
}
