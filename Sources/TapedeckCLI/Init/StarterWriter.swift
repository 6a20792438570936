import Cassettes
import Libc

/// Writes the files of a project that are not there yet, and leaves all others as they are.
struct StarterWriter {
  let folder: ProjectFolder

  /// What would become of a file, where nothing is in its way.
  ///
  /// - Throws: where its place is outside of the folder, or cannot be written to.
  func state(of file: StarterFile) throws -> StarterFile.State {
    var place = ""
    for part in file.path.split(separator: "/").dropLast() {
      let next = place.isEmpty ? String(part) : "\(place)/\(part)"
      switch folder.kind(of: next) {
      case .folder: place = next
      case .nothing:
        try checkWritable(place)
        return .planned
      case .file, .other:
        throw Failure(
          .didNotHold,
          "\(folder.path)/\(next): is no folder in \(folder.path), to which init keeps: "
            + "move it away, and \(file.path) can be written")
      }
    }
    // A link is something that is there, wherever it leads.
    guard folder.kind(of: file.path) == .nothing else { return .kept }
    try checkWritable(place)
    return .planned
  }

  /// Writes a file, unless something of that name is there by now.
  func write(_ file: StarterFile) throws -> StarterFile.State {
    var place = folder.path
    for part in file.path.split(separator: "/").dropLast() {
      place += "/\(part)"
      guard mkdir(place, 0o777) == 0 || errno == EEXIST else {
        throw Failure(.didNotHold, "\(place): cannot be made: \(SystemWords.last)")
      }
    }
    let isNew = try OutputFile.create(
      file.bytes, at: "\(folder.path)/\(file.path)", isExecutable: file.isExecutable)
    return isNew ? .written : .kept
  }

  private func checkWritable(_ place: String) throws {
    let path = place.isEmpty ? folder.path : "\(folder.path)/\(place)"
    guard access(path, W_OK | X_OK) == 0 else {
      throw Failure(.didNotHold, "\(path): cannot be written to: \(SystemWords.last)")
    }
  }
}
