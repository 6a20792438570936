import Cassettes
import Libc

/// The files that are imported: what a user named, folders walked through and patterns expanded.
struct ImportSources {
  /// One file.
  struct Source: Hashable {
    /// Its path, or `-`.
    var path: String
    /// What the cassette of it is called, without `.tape`, in a folder of cassettes.
    var name: String
    /// Whether it was named itself: of a folder's files those that nobody knows are passed over.
    var isNamed: Bool
  }

  /// The files, each once.
  private(set) var files: [Source] = []
  /// What a person should know of the way through the folders.
  private(set) var notes: [String] = []
  /// What was named and is not there.
  private(set) var failures: [Failure] = []

  /// Finds the files.
  init(_ arguments: [String]) {
    var seen: Set<String> = []
    for path in arguments.flatMap(Self.expanded) {
      do {
        let found = try Self.found(at: path)
        notes += found.notes
        for file in found.files where seen.insert(OutputFile.target(of: file.path)).inserted {
          files.append(file)
        }
      } catch {
        failures.append(Failure(error))
      }
    }
  }

  private static func found(at path: String) throws -> (files: [Source], notes: [String]) {
    guard path != "-" else { return ([Source(path: path, name: "stdin", isNamed: true)], []) }
    let found = try CassettePath.othersFiles(at: path)
    let isNamed = found.files.count == 1 && found.files.first?.path == path
    let files = found.files.map { file in
      Source(path: file.path, name: withoutSuffixes(file.name), isNamed: isNamed)
    }
    guard !files.isEmpty else {
      throw Failure(.noInput, "\(path): there is no file in this folder")
    }
    return (files, found.notes)
  }

  /// The paths that a pattern stands for, as a shell expands it; a path that is there is none.
  private static func expanded(_ argument: String) -> [String] {
    guard argument.contains(where: "*?[".contains), access(argument, F_OK) != 0 else {
      return [argument]
    }
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(argument, 0, nil, &found) == 0, let paths = found.gl_pathv else { return [argument] }
    return (0..<Int(found.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }
  }

  /// A file's name without what says its format: `chat.har.gz` is `chat`.
  private static func withoutSuffixes(_ path: String) -> String {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    var name = path[folder.endIndex...]
    for _ in 0..<3 {
      guard let dot = name.lastIndex(of: "."), dot != name.startIndex,
        suffixes.contains(name[name.index(after: dot)...].lowercased())
      else { break }
      name = name[..<dot]
    }
    return String(folder + name)
  }

  private static let suffixes: Set<String> = [
    "har", "yaml", "yml", "json", "gz", "txt", "trace", "sse", "mitm", "flow", "flows", "httprr",
    "jsonl", "log",
  ]
}
