import Dialects
import LosslessJSON
import Testing

@Suite("What Gemini's chunks add up to")
struct GeminiStateTests {
  private typealias Stream = GeminiStream

  @Test("parts stay apart as they came, and the text is all of them")
  func parts() {
    let stream = Stream([
      Stream.part(#""text":"One""#), Stream.part(#""text":" two""#, #","index":0"#),
      Stream.chunk(#""finishReason":"STOP","index":0"#),
    ])
    #expect(
      stream.message == #"{"candidates":[{"content":{"parts":[{"text":"One"},{"text":" two"}],"#
        + #""role":"model"},"index":0,"finishReason":"STOP"}]}"#)
    #expect(stream.text == "One two")
    #expect(stream.texts == ["One", " two", ""])
    #expect(stream.accumulator.stopReason == "STOP")
    #expect(stream.accumulator.completeness == .complete)
    #expect(stream.problems.isEmpty)
  }

  @Test("candidates belong together by their index, and stand in its order")
  func candidates() {
    let stream = Stream([
      Stream.part(#""text":"b""#, #","index":1"#), Stream.part(#""text":"a""#),
      Stream.part(#""text":"B""#, #","index":1,"finishReason":"MAX_TOKENS""#),
      Stream.chunk(#""finishReason":"STOP","index":0"#),
    ])
    #expect(stream.text == "abB")
    #expect(stream.texts == ["b", "a", "B", ""])
    #expect(stream.accumulator.content.map(\.choice) == [0, 1])
    #expect(stream.accumulator.stopReason == "STOP")
    let reasons = stream.accumulator.message?["candidates"]?.elements?.map {
      $0["finishReason"]?.text
    }
    #expect(reasons == ["STOP", "MAX_TOKENS"])
  }

  @Test(
    "each kind of part is kept whole, and says what it says",
    arguments: [
      (#""text":"a","thoughtSignature":"+/8=""#, .text, "", "a"),
      (#""text":"hm","thought":true"#, .thinking, "", "hm"),
      (
        #""functionCall":{"name":"f","args":{"n":1.0,"none":null}},"thoughtSignature":"AA==""#,
        .toolCall, "f", #"{"n":1.0,"none":null}"#
      ),
      (#""functionCall":{"name":"f"}"#, .toolCall, "f", "{}"),
      (
        #""executableCode":{"language":"PYTHON","code":"1"}"#, .other, "executableCode",
        #"{"language":"PYTHON","code":"1"}"#
      ),
      (
        #""codeExecutionResult":{"outcome":"OUTCOME_OK"}"#, .other, "codeExecutionResult",
        #"{"outcome":"OUTCOME_OK"}"#
      ),
      (
        #""inlineData":{"mimeType":"image/png","data":"+/8="},"thought":true"#, .other,
        "inlineData",
        #"{"mimeType":"image/png","data":"+/8="}"#
      ),
      (#""novel":{"a":[1]}"#, .other, "novel", #"{"a":[1]}"#),
    ] as [(String, MessagePart.Kind, String, String)])
  func kinds(part: String, kind: MessagePart.Kind, name: String, bytes: String) {
    let stream = Stream([Stream.part(part)])
    #expect(
      stream.message == #"{"candidates":[{"content":{"parts":[{"# + part + #"}],"role":"model"}}]}"#
    )
    #expect(stream.accumulator.content == [MessagePart(kind, name: name, Array(bytes.utf8))])
    #expect(stream.problems.isEmpty)
  }

  @Test("the content does not depend on how texts were cut into parts")
  func cuts() {
    let parts = [#""text":"hm","thought":true"#, #""text":"one""#, #""functionCall":{"name":"f"}"#]
    let cut = [
      #""text":"h","thought":true"#, #""text":"m","thought":true"#, #""text":"on""#, #""text":"""#,
      #""text":"e","thoughtSignature":"AA==""#, #""functionCall":{"name":"f"}"#, #""text":"""#,
    ]
    let whole = Stream(parts.map { Stream.part($0) }).accumulator.content
    #expect(Stream(cut.map { Stream.part($0) }).accumulator.content == whole)
    #expect(whole.map(\.kind) == [.thinking, .text, .toolCall])
  }

  @Test("a call whose arguments come in pieces is one call")
  func partialArguments() {
    let stream = Stream([
      Stream.part(#""functionCall":{"name":"f","willContinue":true}"#),
      Stream.part(
        #""functionCall":{"partialArgs":[{"jsonPath":"$.a","stringValue":"on","willContinue":true}],"#
          + #""willContinue":true}"#),
      Stream.part(
        #""functionCall":{"partialArgs":[{"jsonPath":"$.a","stringValue":"e"},"#
          + #"{"jsonPath":"$.b","numberValue":2}],"willContinue":true}"#),
      Stream.part(#""functionCall":{}"#), Stream.part(#""functionCall":{"name":"g"}"#),
    ])
    let arguments =
      #"[{"jsonPath":"$.a","stringValue":"one"},{"jsonPath":"$.b","numberValue":2}]"#
    #expect(
      stream.accumulator.content == [
        MessagePart(.toolCall, name: "f", Array(arguments.utf8)),
        MessagePart(.toolCall, name: "g", Array("{}".utf8)),
      ])
    #expect(
      stream.accumulator.message?["candidates"]?.elements?.first?["content"]?["parts"]?
        .elements?.count == 5)
  }

  @Test("a copy stays what it was")
  func copies() {
    var stream = Stream([Stream.part(#""text":"One""#)])
    let copy = stream
    let message = copy.message
    stream.take(Stream.part(#""text":" two""#))
    #expect(copy.message == message)
    #expect(copy.text == "One")
    #expect(stream.text == "One two")
  }
}
