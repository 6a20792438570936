extension ImportFormats {
  static let curl: [any ImportFormat] = []
}
