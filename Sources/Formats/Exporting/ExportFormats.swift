/// The formats that can be exported to.
package enum ExportFormats {
  /// All of them, in the order in which they are listed.
  package static let all: [any ExportFormat] = [
    StreamExport(), HARExport(), VCRExport(), DocumentExport(), AsciicastExport(),
    PerfettoExport(), AimockExport(),
  ]

  /// The format of a name, or nil.
  package static func named(_ name: String) -> (any ExportFormat)? {
    all.first { $0.name == name }
  }
}
