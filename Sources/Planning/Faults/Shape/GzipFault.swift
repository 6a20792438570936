internal import Cassettes
internal import HTTP

/// `gzip`: a compressed stream.
struct GzipFault: Fault {
  static let name = "gzip"
  static let kind = FaultKind.shape
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.nothing
  static let usage = "gzip"
  static let summary =
    "The body is compressed with gzip; each chunk can be decoded when it arrives."
  static let example = "gzip"
  static let symptoms = [
    FaultSymptom(
      "compressed although the client did not ask for it", "gzip",
      ["compress", "compressed", "compression", "content encoding", "deflate"])
  ]

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    guard !draft.message.headers.contains(where: { $0.isNamed("content-encoding") }) else {
      throw DirectiveError("gzip: the recorded body is already encoded")
    }
    let members: [[UInt8]]
    do throws(CassetteError) {
      members = try Gzip.flushed(draft.message.body, at: draft.message.chunks.map(\.end))
    } catch {
      throw DirectiveError("gzip: \(error)")
    }
    draft.message.headers.append(HeaderField("content-encoding", "gzip"))
    draft.replaceBody(with: members)
  }
}
