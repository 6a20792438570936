import Testing

@testable import Redaction

/// What redaction makes of a text, wherever it is cut.
enum RedactionCheck {
  static func redact(_ text: String, cutAt cuts: [Int] = []) -> String {
    var redactor = BodyRedactor()
    let whole = Array(text.utf8)
    var given: [UInt8] = []
    var written: [UInt8] = []
    for end in cuts + [whole.count] {
      given += whole[given.count..<end]
      let settled = redactor.redact(&given, isFinal: end == whole.count)
      #expect(given.starts(with: written), "what was settled has changed")
      written = Array(given[..<settled])
    }
    return String(decoding: written, as: UTF8.self)
  }

  /// Checks what becomes of a text, whole and cut at each place, and that nothing more becomes of
  /// that.
  static func check(_ text: String, _ wanted: String) {
    #expect(redact(text) == wanted)
    #expect(redact(wanted) == wanted)
    let count = text.utf8.count
    for cut in 0...count { #expect(redact(text, cutAt: [cut]) == wanted, "cut at \(cut)") }
    #expect(redact(text, cutAt: Array(0..<count)) == wanted)
  }
}
