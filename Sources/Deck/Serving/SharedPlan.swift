internal import Cassettes
internal import NIOCore
internal import Planning

/// A plan and its wire bytes in the form that sockets take; made once and shared by all streams.
final class SharedPlan: Sendable {
  /// The plan without its wire bytes, which are in `wire` only.
  let plan: Plan
  let wire: ByteBuffer

  init(_ plan: Plan) {
    wire = ByteBuffer(bytes: plan.wire)
    var plan = plan
    plan.wire = []
    self.plan = plan
  }

  /// An answer in the deck's own words, sent at once.
  convenience init(reply: DeckReply, to client: ClientTraits) {
    var client = client
    client.closes = client.closes || reply.closes
    self.init(
      Plan(
        reply: reply.status, headers: reply.headers, body: reply.body, client: client))
  }
}
