extension Redactor {
  /// Redacts the body of an answer that is there in whole: what `BodyRedactor` covers while it
  /// comes, and what shows only when a client joins the strings of its events, lines or elements,
  /// or undoes the escapes of JSON.
  ///
  /// Each byte that is covered becomes `*`, an escape as many as it has bytes, so that every event
  /// stays as long as it was and stays JSON.
  ///
  /// - Parameters:
  ///   - answer: The body; its events keep their places.
  ///   - rules: What to cover.
  package static func redact(answer: inout AnswerBody, by rules: RedactionRules = .standard) {
    // What one rule covers may be what another knows a secret by, and the `*` of a pattern can be
    // what another one matches.
    for _ in 0..<limitRounds {
      let before = answer.bytes
      let hidden = HiddenSecrets(patterns: rules.patterns).secrets(in: answer)
      redact(body: &answer.bytes, by: rules)
      apply(hidden, to: &answer.bytes)
      guard answer.bytes != before else { return }
    }
  }

  /// Redacts a body that is one text, also where the escapes of JSON hide what it holds.
  ///
  /// - Parameters:
  ///   - body: The whole body.
  ///   - rules: What to cover.
  package static func redact(document body: inout [UInt8], by rules: RedactionRules) {
    let hidden = HiddenSecrets(patterns: rules.patterns).secrets(in: body)
    redact(body: &body, by: rules)
    apply(hidden, to: &body)
  }

  private static func apply(_ hidden: [HiddenSecret], to body: inout [UInt8]) {
    for secret in hidden {
      for cover in secret.covers { cover.apply(to: &body, within: body.indices) }
    }
  }
}
