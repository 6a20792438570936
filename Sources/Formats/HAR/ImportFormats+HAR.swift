extension ImportFormats {
  static let har: [any ImportFormat] = [
    PollyFormat(), HARFormat(), AgentrecFormat(), TSharkFormat(), MitmproxyFormat(),
  ]
}
