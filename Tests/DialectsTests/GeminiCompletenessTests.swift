import Dialects
import LosslessJSON
import Testing

@Suite("Whether a message of Gemini is whole")
struct GeminiCompletenessTests {
  private typealias Stream = GeminiStream

  @Test(
    "it is when each candidate has a reason to have stopped, or the prompt was refused",
    arguments: [
      ([], nil, "no candidate came"),
      ([#"{"modelVersion":"m"}"#], nil, "no candidate came"),
      ([#"{"candidates":[]}"#], nil, "no candidate came"),
      ([Stream.part(#""text":"a""#)], nil, "candidate 0 has no finishReason"),
      ([Stream.chunk(#""finishReason":"""#)], nil, "candidate 0 has no finishReason"),
      ([Stream.chunk(#""finishReason":"STOP""#)], "STOP", nil),
      ([Stream.chunk(#""finishReason":"SOMETHING_NEW""#)], "SOMETHING_NEW", nil),
      (
        [Stream.chunk(#""finishReason":"STOP""#), Stream.part(#""text":"a""#, #","index":1"#)],
        "STOP",
        "candidate 1 has no finishReason"
      ),
      (
        [Stream.chunk(#""finishReason":"CONTINUATION""#)], "CONTINUATION",
        "candidate 0 is to be continued by another request"
      ),
      ([#"{"promptFeedback":{"blockReason":"SAFETY"}}"#], "SAFETY", nil),
      ([#"{"promptFeedback":{"safetyRatings":[]}}"#], nil, "no candidate came"),
      (
        [Stream.part(#""text":"a""#), #"{"promptFeedback":{"blockReason":"OTHER"}}"#], "OTHER", nil
      ),
    ] as [([String], String?, String?)])
  func rule(chunks: [String], stopReason: String?, reason: String?) {
    let stream = Stream(chunks)
    #expect(stream.accumulator.stopReason == stopReason)
    #expect(stream.accumulator.completeness.reason == reason)
    #expect(stream.problems.isEmpty)
  }

  @Test(
    "an error that comes in the stream is why it is not, with its status and message",
    arguments: [
      (
        #"{"error":{"code":503,"message":"Overloaded.","status":"UNAVAILABLE"}}"#,
        "an error came: UNAVAILABLE: Overloaded."
      ),
      (#"{"error":{"code":500,"message":"Oh."}}"#, "an error came: 500: Oh."),
      (#"{"error":"Oh."}"#, "an error came: Oh."),
      (#"{"error":{"a":1}}"#, #"an error came: {"a":1}"#),
    ])
  func error(chunk: String, reason: String) {
    let stream = Stream([
      Stream.part(#""text":"a""#), chunk, #"{"error":{"status":"LATER","message":"b"}}"#,
      Stream.part(#""text":"b""#, #","finishReason":"STOP""#),
    ])
    #expect(stream.accumulator.completeness == .incomplete(reason))
    #expect(stream.text == "ab")
    #expect(stream.accumulator.message?["error"] == nil)
    #expect(stream.problems.isEmpty)
  }

  @Test("candidates beside an error are taken")
  func candidatesBesideError() {
    let stream = Stream([Stream.chunk(#""finishReason":"STOP""#, #","error":{"message":"Oh."}"#)])
    #expect(stream.accumulator.completeness == .incomplete("an error came: Oh."))
    #expect(stream.accumulator.stopReason == "STOP")
  }
}
