extension ImportFormats {
  static let curl: [any ImportFormat] = [
    HTTPRRFormat(), CurlTraceFormat(), CurlVerboseFormat(), CurlIncludeFormat(),
    ChunkLinesFormat(), EventStreamFormat(),
  ]
}
