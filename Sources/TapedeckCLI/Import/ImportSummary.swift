/// What an import did, for a person: a line a file.
struct ImportSummary {
  private let files: [ImportedFile]
  private let target: String

  init(_ files: [ImportedFile], target: String) {
    self.files = files
    self.target = target
  }

  /// Prints a table, and what all of it comes to.
  func show() {
    var table = Table()
    table.headings = ["file", "format", "exchanges", "events", "bytes", "times", "framing"]
    table.rightAligned = [2, 3, 4]
    table.rows = files.filter { !$0.isUnknown && $0.failure == nil }.map(Self.row)
    if table.count > 0 { table.lines(on: Terminal.output).forEach(Console.print) }
    let exchanges = files.reduce(0) { $0 + $1.exchanges.count }
    let failed = files.count { $0.failure != nil }
    let unknown = files.count { $0.isUnknown }
    var line = "\(target): \(TextForm.count(exchanges, "exchange"))"
    line += " of \(TextForm.count(files.count - failed - unknown, "file"))"
    if failed > 0 { line += ", \(failed) not imported" }
    if unknown > 0 { line += ", \(unknown) of no known format passed over" }
    Console.print(line)
  }

  private static func row(_ file: ImportedFile) -> [Table.Cell] {
    let timings = Set(file.exchanges.map(\.timing)).sorted()
    let unknown = file.exchanges.count { !$0.knowsFraming }
    let framing =
      unknown == 0 ? "known" : unknown == file.exchanges.count ? "not known" : "known in part"
    return [
      .init(file.path), .init(file.format ?? ""), .init("\(file.exchanges.count)"),
      .init(TextForm.grouped(file.exchanges.reduce(0) { $0 + $1.events })),
      .init(TextForm.grouped(file.exchanges.reduce(0) { $0 + $1.bytes })),
      .init(timings.joined(separator: ", ")), .init(framing),
    ]
  }
}
