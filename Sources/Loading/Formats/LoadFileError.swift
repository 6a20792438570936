/// Why a file is no result of a run, or why several cannot be added up; one line for a terminal.
package struct LoadFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file's name, or "" where it is about several.
  package var file: String
  /// What was expected, what was found, and what to do.
  package var reason: String

  /// Creates an error from its parts.
  package init(_ file: String, _ reason: String) {
    self.file = file
    self.reason = reason
  }

  package var description: String { file.isEmpty ? reason : "\(file): \(reason)" }
}
