internal import Cassettes
internal import Digests

/// The one source of chance: a draw depends on what is planned and on a label, and on nothing else.
package struct Chance: Sendable {
  private let context: String

  /// Creates the source of chance for one plan.
  ///
  /// - Parameters:
  ///   - seed: the seed that the user chose, 0 by default.
  ///   - session: the session's name, "" where none is named.
  ///   - exchangeID: the exchange's `id`.
  ///   - attempt: the attempt, from 1.
  package init(seed: UInt64, session: String, exchangeID: String, attempt: Int) {
    context = "\(seed)|\(session)|\(exchangeID)|\(attempt)|"
  }

  /// The source of chance for a plan of an exchange.
  init(_ options: PlanOptions, _ exchange: Exchange, session: String? = nil) {
    self.init(
      seed: options.seed, session: session ?? options.session, exchangeID: exchange.request.id,
      attempt: options.attempt)
  }

  /// The first 8 bytes, big-endian, of SHA-256 over `SEED|SESSION|EXCHANGE-ID|ATTEMPT|LABEL`.
  package func draw(_ label: String) -> UInt64 {
    SHA256.hash(Array((context + label).utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
