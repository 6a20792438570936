internal import Cassettes
internal import NIOCore
internal import Planning

/// A plan and its wire bytes in the form that sockets take; made once and shared by all streams.
final class SharedPlan: Sendable {
  let plan: Plan
  let wire: ByteBuffer

  init(_ plan: Plan) {
    self.plan = plan
    wire = ByteBuffer(bytes: plan.wire)
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
