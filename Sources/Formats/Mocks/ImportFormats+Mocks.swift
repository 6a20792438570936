extension ImportFormats {
  static let mocks: [any ImportFormat] = []
}
