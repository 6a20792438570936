internal import Cassettes
internal import Libc

/// Where a cassette is, or would be recorded.
struct CassettePlace: Hashable, Sendable {
  /// The path of a `.tape` file, or of a folder of them.
  var path: String

  /// Whether something is there.
  var exists: Bool

  /// Whether it is a folder, which can be played and not be recorded to.
  var isFolder: Bool

  /// The folder's name that is looked for where none is given.
  static let folderName = "cassettes"

  /// How many folders are looked at, from that of the test's file upwards.
  private static let depthLimit = 32

  /// Finds the cassette of a name.
  ///
  /// - Parameters:
  ///   - name: Its name, with or without `.tape`; it may have folders in front, and be absolute.
  ///   - folder: The folder that it is in, from that of the file where it is not absolute; or nil
  ///     for a folder `cassettes` beside the file, or in one of those above, up to the package's.
  ///   - file: The file that names it.
  init(named name: String, in folder: String?, from file: String) {
    let home = Self.parent(of: file)
    if name.hasPrefix("/") {
      self.init(at: name)
    } else if let folder {
      self.init(at: Self.joined(folder.hasPrefix("/") ? folder : Self.joined(home, folder), name))
    } else {
      self.init(named: name, above: home)
    }
  }

  private init(named name: String, above home: String) {
    var nearest: String?
    for folder in Self.folders(from: home) {
      let cassettes = Self.joined(folder, Self.folderName)
      let places = [Self.joined(cassettes, name), Self.joined(folder, name)].map(Self.init(at:))
      if let place = places.first(where: \.exists) {
        self = place
        return
      }
      if nearest == nil, Self.kind(of: cassettes) == .folder { nearest = cassettes }
    }
    self.init(at: Self.joined(nearest ?? Self.joined(home, Self.folderName), name))
  }

  private init(at path: String) {
    let file = path.hasSuffix(".tape") ? path : "\(path).tape"
    let kind = Self.kind(of: file)
    let isFolder = kind == nil && Self.kind(of: path) == .folder
    self.path = CassettePath.resolved(isFolder ? path : file)
    self.isFolder = isFolder
    exists = kind != nil || isFolder
  }

  /// The folder of a file and those above it, up to that which has a manifest.
  private static func folders(from home: String) -> [String] {
    var folders: [String] = []
    var folder = home
    while folders.count < depthLimit {
      folders.append(folder)
      if kind(of: joined(folder, "Package.swift")) != nil || folder == parent(of: folder) { break }
      folder = parent(of: folder)
    }
    return folders
  }

  /// The folder in which a path is.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func joined(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// What can be at a path.
  enum Kind {
    case file, folder
  }

  static func kind(of path: String) -> Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }
}
