import Testing

@testable import Patterns

@Suite("A cursor over bytes")
struct ByteCursorTests {
  /// What is taken from a text, and where the cursor stands then.
  private func take<Value>(
    _ text: String, _ taking: (inout ByteCursor) -> Value
  ) -> (value: Value, offset: Int) {
    var cursor = ByteCursor(Array(text.utf8), at: 0)
    let value = taking(&cursor)
    return (value, cursor.offset)
  }

  @Test("takes what is there, and stays where it is when that is not there")
  func takes() {
    #expect(take("ab1") { $0.takeAll(.letters) } == (Array("ab".utf8)[...], 2))
    #expect(take("-x") { $0.takeAll(.word) } == ([], 0))
    #expect(take("-x") { $0.take("-x") } == (true, 2))
    #expect(take("-") { $0.take("-x") } == (false, 0))
    #expect(take("_") { $0.take(.word) } == (true, 1))
    #expect(take("") { $0.take(.word) } == (false, 0))
  }

  @Test(
    "takes a number only of so many digits and within bounds",
    arguments: [
      ("07", true), ("12", true), ("00", false), ("13", false), ("1", false), ("1x", false),
      ("", false), ("٣١", false),
    ])
  func numbers(text: String, isThere: Bool) {
    #expect(take(text) { $0.take(digits: 2, upTo: 12, from: 1) }.value == isThere)
  }

  @Test("takes all of a sequence, or nothing")
  func sequences() {
    #expect(take("a1b") { $0.all { $0.take("a1") && $0.take("c") } } == (false, 0))
    #expect(
      take("a1b") { $0.all { $0.take("a") && $0.take(count: 2, .alphanumerics) } } == (true, 3))
  }

  @Test("has the sets that their names say")
  func sets() {
    func text(_ set: ByteSet) -> String {
      String(decoding: (UInt8.min...UInt8.max).filter(set.contains), as: UTF8.self)
    }
    #expect(text(.digits) == "0123456789")
    #expect(text(.hexadecimal) == "0123456789ABCDEFabcdef")
    #expect(text(.alphanumerics) == text(.digits) + text(.upperCase) + text(.lowerCase))
    #expect(text(.letters) == "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    #expect(ByteSet.word.contains(UInt8(ascii: "_")) && !ByteSet.word.contains(0xE9))
    #expect(!ByteSet().contains(0) && ByteSet().inverted.contains(0))
  }
}
