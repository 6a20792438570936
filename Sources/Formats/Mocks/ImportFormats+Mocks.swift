extension ImportFormats {
  static let mocks: [any ImportFormat] = [
    WireMockFormat(), HoverflyFormat(), AimockFormat(), LLMPosterFormat(), ExchangesFormat(),
  ]
}
