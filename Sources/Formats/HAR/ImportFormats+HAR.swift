extension ImportFormats {
  static let har: [any ImportFormat] = []
}
