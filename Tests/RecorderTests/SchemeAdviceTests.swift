import Testing

@testable import Recorder

@Suite("Where http and https have been confused, what to write is said")
struct SchemeAdviceTests {
  @Test(
    "a URL without its scheme is completed",
    arguments: [
      ("127.0.0.1:4311/x", "http://127.0.0.1:4311/x"), ("localhost/v1", "http://localhost/v1"),
      ("localhost:8080", "http://localhost:8080"), ("[::1]:80/", "http://[::1]:80/"),
      ("api.example.com/v1", "https://api.example.com/v1"),
      ("api.example.com:8443/v1", "http://api.example.com:8443/v1"),
      ("http://a/", nil), ("ftp://a/", nil), ("mailto:a@b.example", nil), ("a b.c", nil),
      ("hello.tape:x", nil), ("", nil), ("/v1", nil), ("word", nil),
    ] as [(String, String?)])
  func completed(text: String, expected: String?) {
    #expect(SchemeAdvice.completed(text) == expected)
  }

  @Test(
    "the words of TLS libraries are understood",
    arguments: [
      (35, "SSL routines::wrong version number", "does not speak TLS"),
      (35, "An unexpected TLS packet was received.", "does not speak TLS"),
      (35, "SSL routines::http request", "does not speak TLS"),
      (1, "Received HTTP/0.9 when not allowed", "if the server speaks TLS, use https://"),
      (35, "certificate verify failed", nil), (7, "Connection refused", nil),
    ] as [(Int, String, String?)])
  func hint(code: Int, text: String, expected: String?) {
    let hint = SchemeAdvice.hint(code: code, text: text)
    #expect(expected.map { hint?.contains($0) == true } ?? (hint == nil))
  }
}
