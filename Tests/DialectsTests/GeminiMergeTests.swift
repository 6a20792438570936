import Dialects
import LosslessJSON
import Testing

@Suite("How Gemini's chunks are merged")
struct GeminiMergeTests {
  private typealias Stream = GeminiStream

  @Test(
    "what two chunks say of a candidate is merged as the SDK does",
    arguments: [
      // The latest rating of each category.
      (
        #""safetyRatings":[{"category":"A","probability":"LOW"},{"category":"B","probability":"LOW"}]"#,
        #""safetyRatings":[{"category":"B","probability":"HIGH"},{"category":"C"}]"#,
        #""safetyRatings":[{"category":"A","probability":"LOW"},"#
          + #"{"category":"B","probability":"HIGH"},{"category":"C"}]"#
      ),
      // Citations are joined, and named as the SDK names them.
      (
        #""citationMetadata":{"citationSources":[{"uri":"a"}]}"#,
        #""citationMetadata":{"citationSources":[{"uri":"b"}]}"#,
        #""citationMetadata":{"citations":[{"uri":"a"},{"uri":"b"}]}"#
      ),
      (
        #""citationMetadata":{"citations":[{"uri":"a"}]}"#,
        #""citationMetadata":{"citations":[{"uri":"b"}]}"#,
        #""citationMetadata":{"citations":[{"uri":"a"},{"uri":"b"}]}"#
      ),
      // Sources are joined, and what points at them goes on pointing at them.
      (
        #""groundingMetadata":{"groundingChunks":[{"web":{"uri":"a"}},{"web":{"uri":"b"}}],"#
          + #""groundingSupports":[{"groundingChunkIndices":[0,1]}],"webSearchQueries":["a"]}"#,
        #""groundingMetadata":{"groundingChunks":[{"web":{"uri":"c"}}],"#
          + #""groundingSupports":[{"groundingChunkIndices":[0],"segment":{"partIndex":0}}],"#
          + #""webSearchQueries":["b"],"searchEntryPoint":{"renderedContent":"x"}}"#,
        #""groundingMetadata":{"groundingChunks":[{"web":{"uri":"a"}},{"web":{"uri":"b"}},"#
          + #"{"web":{"uri":"c"}}],"groundingSupports":[{"groundingChunkIndices":[0,1]},"#
          + #"{"groundingChunkIndices":[2],"segment":{"partIndex":0}}],"#
          + #""webSearchQueries":["a","b"],"searchEntryPoint":{"renderedContent":"x"}}"#
      ),
      (
        #""groundingMetadata":{}"#, #""groundingMetadata":{"webSearchQueries":["a"]}"#,
        #""groundingMetadata":{"webSearchQueries":["a"]}"#
      ),
      (
        #""urlContextMetadata":{"urlMetadata":[{"retrievedUrl":"a"}]}"#, #""finishReason":"STOP""#,
        #""urlContextMetadata":{"urlMetadata":[{"retrievedUrl":"a"}]},"finishReason":"STOP""#
      ),
      // Log probabilities are those of a chunk's own tokens; averages and counts are of all of
      // them.
      (
        #""avgLogprobs":-0.5,"tokenCount":1,"logprobsResult":{"chosenCandidates":[{"token":"a"}],"#
          + #""logProbabilitySum":-0.5}"#,
        #""avgLogprobs":-0.75,"tokenCount":2,"logprobsResult":{"chosenCandidates":[{"token":"b"}],"#
          + #""logProbabilitySum":-1}"#,
        #""avgLogprobs":-0.75,"tokenCount":2,"logprobsResult":{"chosenCandidates":"#
          + #"[{"token":"a"},{"token":"b"}],"logProbabilitySum":-1.5}"#
      ),
      // What has been said of the end stays said.
      (
        #""finishReason":"STOP","finishMessage":"a""#, #""index":0"#,
        #""finishReason":"STOP","finishMessage":"a","index":0"#
      ),
      (
        #""continuationToken":"AA==""#, #""finishReason":"CONTINUATION""#,
        #""continuationToken":"AA==","finishReason":"CONTINUATION""#
      ),
      (#""continuationToken":"AA==""#, #""finishReason":"STOP""#, #""finishReason":"STOP""#),
      // What nobody knows is merged too.
      (
        #""novel":{"a":1,"list":[1],"same":"a"}"#, #""novel":{"b":2,"list":[2],"same":"b"}"#,
        #""novel":{"a":1,"list":[1,2],"same":"b","b":2}"#
      ),
      (#""novel":{"a":1}"#, #""novel":"a""#, #""novel":"a""#),
      // A null says nothing.
      (
        #""finishReason":"STOP","citationMetadata":null"#, #""finishReason":null,"content":null"#,
        #""finishReason":"STOP""#
      ),
      (
        #""content":{"role":null,"parts":[{"text":"a","thought":null}]}"#, #""index":null"#,
        #""content":{"parts":[{"text":"a"}]}"#
      ),
    ])
  func candidate(first: String, second: String, merged: String) {
    let stream = Stream([Stream.chunk(first), Stream.chunk(second)])
    #expect(stream.message == Stream.chunk(merged))
    #expect(stream.problems.isEmpty)
  }

  @Test("usage is a running total: the last that came stands, where it first stood")
  func usage() {
    let stream = Stream([
      #"{"usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":1,"x":null},"modelVersion":"a"}"#,
      #"{"usageMetadata":{"promptTokenCount":4,"totalTokenCount":9},"modelVersion":"b"}"#,
      #"{"usageMetadata":null,"responseId":"r"}"#,
    ])
    #expect(
      stream.message == #"{"usageMetadata":{"promptTokenCount":4,"totalTokenCount":9},"#
        + #""modelVersion":"b","responseId":"r"}"#)
    #expect(
      stream.accumulator.usage?.bytes == Array(#"{"promptTokenCount":4,"totalTokenCount":9}"#.utf8))
  }

  @Test("nulls in the usage of a chunk are not told")
  func usageNulls() {
    let stream = Stream([#"{"usageMetadata":{"promptTokenCount":4,"thoughtsTokenCount":null}}"#])
    #expect(stream.message == #"{"usageMetadata":{"promptTokenCount":4}}"#)
    #expect(stream.accumulator.usage?.members?.count == 1)
  }

  @Test("an object with too many members is not added to, and the rest goes on")
  func memberLimit() {
    var stream = Stream([])
    for number in 0..<300 { stream.take(#"{"modelVersion":"m","novel\#(number)":1}"#) }
    stream.take(Stream.part(#""text":"a""#, #","finishReason":"STOP""#))
    #expect((stream.accumulator.message?.members?.count ?? 0) < 300)
    #expect(stream.problems.first == "256: an object has too many members to be added to another")
    #expect(stream.text == "a")
    #expect(stream.accumulator.completeness == .complete)
  }
}
