import Cassettes
import Libc

/// A folder that a user works in, read with care: nothing of it is run, and nothing outside of it
/// is read.
///
/// What is read is bounded: a file's first MiB, some hundred files, and the names in folders that
/// stand at most three deep. What is no plain file is passed over without being opened.
struct ProjectFolder {
  /// How much of a file is read.
  static let fileBytes = 1 << 20

  /// How many files of one kind are read.
  static let fileLimit = 200

  /// How many names are looked at, in all folders together.
  static let nameLimit = 20_000

  /// How deep a folder may stand whose names are looked at.
  private static let depthLimit = 3

  /// Folders of what was installed or built.
  private static let passedOver: Set<String> = [
    "node_modules", "venv", "env", "site-packages", "__pycache__", "build", "dist", "target",
    "vendor", "Pods", "coverage",
  ]

  /// Where it is: absolute, and without links.
  let path: String

  /// The paths of the plain files below it, by name; hidden ones and those of what was installed or
  /// built are left out.
  let files: [String]

  /// Looks into a folder.
  ///
  /// - Throws: where there is none, or its names cannot be read.
  init(_ named: String) throws {
    guard let resolved = realpath(named, nil) else {
      throw Failure(.noInput, "\(named): cannot be read: \(SystemWords.last)")
    }
    defer { free(resolved) }
    path = String(cString: resolved)
    guard let top = FolderNames.of(path) else {
      throw Failure(.noInput, "\(named): is no folder whose names can be read: \(SystemWords.last)")
    }
    var walk = Walk(root: path)
    walk.take(top, prefix: "", depth: 0)
    files = walk.files.sorted()
  }

  /// What is at a path below the folder: links are followed as long as they stay in it.
  func kind(of name: String) -> Kind {
    var status = stat()
    guard lstat("\(path)/\(name)", &status) == 0 else { return .nothing }
    guard let place = inside(name), stat(place, &status) == 0 else { return .other }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// What a path may lead to.
  enum Kind { case nothing, file, folder, other }

  /// The beginning of a plain file as text without a byte order mark, or nil where there is none or
  /// it cannot be read.
  func text(_ name: String) -> String? {
    guard kind(of: name) == .file, let place = inside(name) else { return nil }
    // What was a file may be a pipe by now, which would keep us waiting.
    let descriptor = open(place, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    var bytes = [UInt8](repeating: 0, count: min(max(0, Int(status.st_size)), Self.fileBytes))
    var count = 0
    while count < bytes.count {
      let more = bytes.withUnsafeMutableBytes {
        Libc.read(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count)
      }
      if more < 0, errno == EINTR { continue }
      guard more > 0 else { break }
      count += more
    }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    return String(decoding: bytes[..<count].trimmingPrefix(mark), as: UTF8.self)
  }

  /// The texts of files with one of these endings, with their names; a bounded number of them.
  func texts(ending suffixes: [String]) -> some Sequence<(name: String, text: String)> {
    files.lazy.filter { name in suffixes.contains { name.hasSuffix($0) } }
      .prefix(Self.fileLimit).compactMap { name in text(name).map { (name, $0) } }
  }

  /// Where a path below the folder leads, or nil where that is outside of it or nothing.
  private func inside(_ name: String) -> String? {
    guard let resolved = realpath("\(path)/\(name)", nil) else { return nil }
    defer { free(resolved) }
    let place = String(cString: resolved)
    return place.hasPrefix(path == "/" ? "/" : "\(path)/") ? place : nil
  }

  /// The way through the folder and those in it.
  private struct Walk {
    let root: String
    var files: [String] = []
    private var names = 0

    init(root: String) { self.root = root }

    mutating func take(_ entries: [String], prefix: String, depth: Int) {
      for entry in entries where !entry.hasPrefix(".") && names < ProjectFolder.nameLimit {
        names += 1
        let name = prefix + entry
        var status = stat()
        guard lstat("\(root)/\(name)", &status) == 0 else { continue }
        if status.st_mode & S_IFMT == S_IFREG {
          files.append(name)
        } else if status.st_mode & S_IFMT == S_IFDIR, depth < ProjectFolder.depthLimit,
          !ProjectFolder.passedOver.contains(entry)
        {
          take(FolderNames.of("\(root)/\(name)") ?? [], prefix: "\(name)/", depth: depth + 1)
        }
      }
    }
  }
}

/// The names in a folder.
private enum FolderNames {
  /// The names, sorted, or nil where they cannot be read; not more than are looked at.
  static func of(_ path: String) -> [String]? {
    guard let stream = opendir(path) else { return nil }
    defer { closedir(stream) }
    guard let start = MemoryLayout.offset(of: \dirent.d_name) else { return nil }
    var names: [String] = []
    while names.count < ProjectFolder.nameLimit, let entry = readdir(stream) {
      // An entry is only as long as its name: the array that is declared for it is not all there.
      let name = UnsafeRawPointer(entry).advanced(by: start).assumingMemoryBound(to: CChar.self)
      names.append(String(cString: name))
    }
    return names.sorted()
  }
}

/// What the system says of the last call that failed.
enum SystemWords {
  static var last: String { strerror(errno).map { String(cString: $0) } ?? "error \(errno)" }
}
