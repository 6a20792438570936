extension ImportFormats {
  static let vcr: [any ImportFormat] = [
    VCRPyFormat(), RubyVCRFormat(), BetamaxFormat(), HTTPMockFormat(), GoVCRFormat(),
  ]
}
