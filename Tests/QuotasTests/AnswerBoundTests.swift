import Quotas
import Testing

struct AnswerBoundTests {
  @Test(
    "The bound of an answer is found where each API has it, and nowhere else",
    arguments: [
      (#"{"max_tokens":1024}"#, 1024), (#"{ "max_tokens" : 7 , "x":1}"#, 7),
      (#"{"max_completion_tokens":5}"#, 5), (#"{"max_output_tokens":6}"#, 6),
      (#"{"contents":[],"generationConfig":{"topK":3,"maxOutputTokens":8}}"#, 8),
      (#"{"options":{"num_predict":9}}"#, 9), (#"{"max_tokens":null}"#, nil),
      (#"{"max_tokens":-1}"#, nil), (#"{"max_tokens":"5"}"#, nil), ("{}", nil), ("", nil),
      (#"{"messages":[{"max_tokens":3}]}"#, nil), (#"{"a":{"max_tokens":3}}"#, nil),
      (#"{"a":"\"max_tokens\":3","b":"max_tokens"}"#, nil), (#"["max_tokens",3]"#, nil),
      (#"{"generationConfig":{"a":1},"b":{"maxOutputTokens":3}}"#, nil),
      (#"{"max_tokens":1,"max_tokens":2}"#, 2), (#"{"max_tokens":99999999999999999999}"#, .max),
      (#"{"max_tokens"#, nil), (#"{"max_tokens":"#, nil), (#"{"a\"#, nil), ("}}]]{{", nil),
    ] as [(String, Int64?)])
  func bound(body: String, tokens: Int64?) {
    let expected = tokens.map { min($0, Quota.largestAmount) }
    #expect(AnswerBound.tokens(in: Array(body.utf8)) == expected)
    // Cut anywhere, it is read without harm.
    for end in 0..<body.utf8.count { _ = AnswerBound.tokens(in: Array(body.utf8.prefix(end))) }
  }
}
