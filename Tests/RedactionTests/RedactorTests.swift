import TestSupport
import Testing

@testable import Redaction

@Suite("Redaction")
struct RedactorTests {
  @Test(
    "covers the values of headers that carry credentials and keeps the scheme",
    arguments: [
      ("authorization", "Bearer sk-abc", "Bearer ******"),
      ("Authorization", "Basic dXNlcjpwYXNz", "Basic ************"),
      ("authorization", "AWS4-HMAC-SHA256 Credential=A/b, Signature=c", nil),
      ("authorization", "my secret words", "***************"),
      ("Proxy-Authorization", "basic abc", "basic ***"),
      ("X-Api-Key", "abc", "***"),
      ("api-key", "abc", "***"),
      ("x-goog-api-key", "abc", "***"),
      ("x-amz-security-token", "a b", "***"),
      ("x-auth-token", "a", "*"),
      ("Ocp-Apim-Subscription-Key", "abc", "***"),
      ("x-acme-api-key", "abc", "***"),
      ("Cookie", "Bearer abc", "**********"),
      ("set-cookie", "a=b; Path=/", "***********"),
      ("x-other", "see sk-ant-0123456789abcdef.", "see ***********************."),
      ("location", "https://u:p@h/a?key=1&b=2", "https://*:*@h/a?key=*&b=2"),
      ("authorization", "caf\u{E9}", "****"),
      ("x_api_key", "abc", "***"), ("x-acme-key", "abc", "***"), ("X-Acme-Token", "abc", "***"),
      ("jwt", "abc", "***"), ("session", "abc", "***"), ("x-session-id", "abc", "***"),
      ("x-openai-secret", "abc", "***"), ("cf-access-jwt-assertion", "abc", "***"),
      ("link", "<https://h/a?Signature=abc&b=1>", "<https://h/a?Signature=***&b=1>"),
      ("x-origin", "redis://u:hunter2@h", "redis://u:*******@h"),
    ] as [(String, String, String?)]
  )
  func headers(name: String, value: String, wanted: String?) {
    let redacted = Redactor.redact(value: value, ofField: name)
    let scheme = "AWS4-HMAC-SHA256 "
    #expect(redacted == wanted ?? scheme + SecretSamples.stars(String(value.dropFirst(17))))
    #expect(redacted.unicodeScalars.count == value.unicodeScalars.count)
    #expect(Redactor.redact(value: redacted, ofField: name) == redacted)
  }

  @Test(
    "leaves headers alone that carry none",
    arguments: [
      "anthropic-organization-id", "anthropic-version", "openai-organization", "request-id",
      "x-request-id", "anthropic-ratelimit-tokens-remaining", "x-ratelimit-limit-tokens", "etag",
      "idempotency-key", "www-authenticate", "content-type", "x-stainless-retry-count", "cf-ray",
      "sec-websocket-key", "access-control-allow-credentials", "x-ratelimit-remaining-tokens",
      "x-amzn-bedrock-input-token-count", "signature-input", "x-cache-key", "x-monkey", "x-author",
    ])
  func otherHeaders(name: String) {
    #expect(Redactor.redact(value: "value 12", ofField: name) == "value 12")
  }

  @Test(
    "covers the values of query parameters that carry credentials",
    arguments: [
      ("/v1?key=abc", "/v1?key=***", "/v1"),
      ("/v1?alt=sse&key=abc", "/v1?alt=sse&key=***", "/v1?alt=sse"),
      ("/v1?KEY=abc&alt=sse", "/v1?KEY=***&alt=sse", "/v1?alt=sse"),
      ("/v1?api%5Fkey=a%20b&x", "/v1?api%5Fkey=*****&x", "/v1?x"),
      ("/v1?%6Bey=abc", "/v1?%6Bey=***", "/v1"),
      ("/v1?X-Amz-Signature=ab&X-Amz-Date=1", "/v1?X-Amz-Signature=**&X-Amz-Date=1", nil),
      ("/v1?access_token=a=b", "/v1?access_token=***", "/v1"),
      ("/v1?key", "/v1?key", "/v1"),
      ("/v1?key=", "/v1?key=", "/v1"),
      ("/v1?", "/v1?", "/v1?"),
      ("/v1?a=1&&b=2", "/v1?a=1&&b=2", "/v1?a=1&&b=2"),
      ("/v1?monkey=1&keys=2&page_token=3", "/v1?monkey=1&keys=2&page_token=3", nil),
      ("/key=1/v1", "/key=1/v1", "/key=1/v1"),
      ("/sk-ant-0123456789abcdef/v1?sig=1", "/***********************/v1?sig=*", nil),
      ("/v1?q=sk-ant-0123456789abcdef", "/v1?q=***********************", nil),
      ("/v1?q=sk%2Dant-0123456789%61bcdef&r=%2", "/v1?q=***************************&r=%2", nil),
      (
        "/v1?sid=abc&code=d&app_key=e&alt=sse", "/v1?sid=***&code=*&app_key=*&alt=sse",
        "/v1?alt=sse"
      ),
      ("/v1?session_id=a&hf_token=b&pwd=c", "/v1?session_id=*&hf_token=*&pwd=*", "/v1"),
      ("/v1?max_tokens=1&code_length=2&side=3", "/v1?max_tokens=1&code_length=2&side=3", nil),
      ("", "", ""),
    ] as [(String, String, String?)]
  )
  func targets(target: String, redacted: String, matched: String?) {
    #expect(Redactor.redact(target: target) == redacted)
    #expect(Redactor.redact(target: redacted) == redacted)
    #expect(redacted.utf8.count == target.utf8.count)
    let without = Redactor.withoutCredentials(target: target)
    if let matched { #expect(without == matched) }
    #expect(Redactor.withoutCredentials(target: redacted) == without)
  }

  @Test(
    "covers user name and password in a URL",
    arguments: [
      ("https://user:pass@host/a?token=1", "https://****:****@host/a?token=*"),
      ("https://token@host", "https://*****@host"),
      ("https://a@b@host/", "https://***@host/"),
      ("user:pass@host/a", "****:****@host/a"),
      ("https://host/a@b?c=d@e", "https://host/a@b?c=d@e"),
      ("https://host#access_token=abc", "https://host#access_token=***"),
      ("/a@b", "/a@b"),
    ])
  func urls(url: String, wanted: String) {
    #expect(Redactor.redact(url: url) == wanted)
    #expect(Redactor.redact(url: wanted) == wanted)
  }
}
