import Dialects
import EventStream
import LosslessJSON
import TestSupport
import Testing

@Suite("Gemini streams that no server should send")
struct GeminiBadInputTests {
  private typealias Stream = GeminiStream

  @Test(
    "what is wrong with an event is noted, and the others are kept",
    arguments: [
      ("", "its data is not JSON: the JSON ends inside a value, at column 1"),
      ("[DONE]", "its data is not JSON: the JSON has an unexpected 'D', at column 2"),
      (#"{"candidates":[{"#, "its data is not JSON: the JSON ends inside a value, at column 17"),
      ("[]", "its data is not a JSON object"), ("1", "its data is not a JSON object"),
      (#"{"candidates":{}}"#, "its candidates are not an array"),
      (#"{"candidates":"a"}"#, "its candidates are not an array"),
      (#"{"candidates":[1]}"#, "a candidate is not an object"),
      (#"{"candidates":[null]}"#, "a candidate is not an object"),
      (Stream.chunk(#""content":"a""#), "the content of a candidate is not an object"),
      (Stream.chunk(#""content":{"parts":{}}"#), "the parts of a candidate are not an array"),
      (Stream.chunk(#""content":{"parts":["a"]}"#), "a part is not an object"),
      (Stream.part(#""text":5"#), "the text of a part is not a string"),
      (Stream.part(#""text":["a"]"#), "the text of a part is not a string"),
      (Stream.chunk(#""index":1.5"#), "the index of a candidate is not a whole number"),
      (Stream.chunk(#""index":[]"#), "the index of a candidate is not a whole number"),
      (#"{"usageMetadata":[]}"#, "its usageMetadata is not an object"),
    ])
  func noted(data: String, problem: String) {
    let stream = Stream([
      Stream.part(#""text":"a""#), data, Stream.part(#""text":"b""#, #","finishReason":"STOP""#),
    ])
    #expect(stream.problems == ["2: " + problem])
    #expect(stream.text == "ab")
    #expect(stream.accumulator.stopReason == "STOP")
  }

  @Test("a candidate whose index is a string of digits, or far away, is that candidate")
  func indices() {
    let stream = Stream([
      Stream.part(#""text":"b""#, #","index":9223372036854775807"#),
      Stream.part(#""text":"a""#, #","index":"1""#), Stream.part(#""text":"-""#, #","index":-1"#),
    ])
    #expect(stream.accumulator.content.map(\.choice) == [-1, 1, .max])
    #expect(stream.text == "-ab")
    #expect(stream.problems.isEmpty)
  }

  @Test("events in any order keep all their text", arguments: 0..<8)
  func shuffled(seed: UInt64) {
    var generator = SeededGenerator(seed)
    let chunks =
      (0..<20).map { Stream.part(#""text":"\#($0)""#) }
      + [Stream.chunk(#""finishReason":"STOP""#), #"{"usageMetadata":{"totalTokenCount":1}}"#]
    let stream = Stream(chunks.shuffled(using: &generator))
    #expect(stream.accumulator.log.breaking == nil)
    #expect(stream.text.count == 30)
    #expect(stream.accumulator.completeness == .complete)
    #expect(stream.accumulator.usage != nil)
  }

  @Test("indices of sources that are no numbers, or too large, are left as they are")
  func sourceIndices() {
    let chunk = { (indices: String) in
      Stream.chunk(
        #""groundingMetadata":{"groundingChunks":[{}],"groundingSupports":[1,{"groundingChunkIndices":"#
          + indices + "}]}")
    }
    let stream = Stream([chunk("[0]"), chunk(#"["a",9223372036854775807,0.5,1]"#), chunk("{}")])
    let supports = stream.accumulator.message?["candidates"]?.elements?.first?[
      "groundingMetadata"]?[
        "groundingSupports"]?.elements
    #expect(
      supports?[3]["groundingChunkIndices"]?.bytes
        == Array(#"["a",9223372036854775807,0.5,2]"#.utf8))
    #expect(supports?[5]["groundingChunkIndices"] == .object([]))
  }

  @Test("JSON as deep as is read is merged, and deeper JSON is noted")
  func deep() {
    let nested = { (depth: Int) in
      #"{"candidates":[],"novel":"# + String(repeating: #"{"a":"#, count: depth) + "1"
        + String(repeating: "}", count: depth) + "}"
    }
    let stream = Stream([nested(511), nested(511), nested(512), nested(100_000)])
    #expect(stream.problems.count == 2)
    #expect(
      stream.problems.first?.hasPrefix("3: its data is not JSON: the JSON nests deeper") ?? false)
    #expect(stream.message == nested(511))
  }

  @Test("a delta of a megabyte is taken")
  func large() {
    let text = String(repeating: "é", count: 1 << 19)
    let stream = Stream([Stream.part(#""text":"\#(text)""#), Stream.part(#""text":"\#(text)""#)])
    #expect(stream.accumulator.text.count == 2 << 20)
  }

  @Test("many events are taken, and each is there")
  func many() {
    var accumulator = MessageAccumulator(Stream.dialect)
    let event = ServerSentEvent(data: Stream.part(#""text":"a""#))
    for _ in 0..<100_000 { accumulator.take(event) }
    #expect(accumulator.text.count == 100_000)
    let parts = accumulator.message?["candidates"]?.elements?.first?["content"]?["parts"]
    #expect(parts?.elements?.count == 100_000)
  }

  @Test("many candidates are told apart")
  func manyCandidates() {
    var stream = Stream([])
    for number in (0..<20_000).reversed() {
      stream.take(Stream.part(#""text":"a""#, #","index":\#(number)"#))
    }
    #expect(stream.accumulator.content.map(\.choice) == Array(0..<20_000))
  }

  @Test("no change of a chunk's bytes makes it crash", arguments: 0..<4)
  func damaged(seed: UInt64) {
    var generator = SeededGenerator(seed)
    let chunk = Array(
      Stream.chunk(
        #""content":{"parts":[{"text":"a","thought":true},{"functionCall":{"name":"f","args":{}}}],"#
          + #""role":"model"},"finishReason":"STOP","index":0,"safetyRatings":[{"category":"A"}],"#
          + #""citationMetadata":{"citationSources":[{"uri":"a"}]},"groundingMetadata":"#
          + #"{"groundingChunks":[{}],"groundingSupports":[{"groundingChunkIndices":[0]}]},"#
          + #""logprobsResult":{"logProbabilitySum":-1.5}"#,
        #","usageMetadata":{"totalTokenCount":1},"promptFeedback":{"safetyRatings":[]}"#
      ).utf8)
    let values = [#"[]"#, "{}", "null", "1", #""a""#, "true", "-1e999"].map { Array($0.utf8) }
    var stream = Stream([])
    for _ in 0..<2000 {
      var bytes = chunk
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let start = Int.random(in: 0..<bytes.count, using: &generator)
        let end = min(bytes.count, start + Int.random(in: 0...9, using: &generator))
        bytes.replaceSubrange(start..<end, with: values.randomElement(using: &generator) ?? [])
      }
      stream.take(String(decoding: bytes, as: UTF8.self))
    }
    #expect(stream.accumulator.log.event == 2000)
    #expect(stream.accumulator.log.problemCount > 0)
    #expect(!stream.message.isEmpty)
    #expect(stream.accumulator.content.count > 0)
  }
}
