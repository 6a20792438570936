extension ImportFormats {
  static let vcr: [any ImportFormat] = []
}
