/// A file that a project gets to begin with.
struct StarterFile {
  /// Its path below the project's folder.
  let path: String

  /// What stands in it.
  let bytes: [UInt8]

  /// Whether it is a program.
  var isExecutable = false

  /// What it is, where it is no text.
  var title: String?

  /// What a user adds to a file of that name which is there already, or nil where there is nothing
  /// to add.
  var lines: String?

  /// What a file holds that needs nothing of this; the lines themselves, where it is nil.
  var mark: String?

  /// Creates a file.
  init(
    _ path: String, bytes: [UInt8], isExecutable: Bool = false, title: String? = nil,
    lines: String? = nil
  ) {
    self.path = path
    self.bytes = bytes
    self.isExecutable = isExecutable
    self.title = title
    self.lines = lines
  }

  /// Creates a text file.
  init(_ path: String, _ text: String, isExecutable: Bool = false, lines: String? = nil) {
    self.init(path, bytes: Array(text.utf8), isExecutable: isExecutable, lines: lines)
  }

  /// The file beside one of its name that is there: nothing is to be added where that has it all.
  func completing(_ text: String?) -> StarterFile {
    guard let text, let lines, text.contains(mark ?? String(lines.dropLast())) else { return self }
    var file = self
    file.lines = nil
    return file
  }

  /// What became of it.
  enum State: String {
    case written, kept, planned
  }
}
