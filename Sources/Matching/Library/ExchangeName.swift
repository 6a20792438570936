internal import Cassettes

/// What an exchange is called: it stays true when the exchange itself is gone.
package struct ExchangeName: Hashable, Sendable {
  /// The cassette's name.
  package var cassette: String

  /// Its place in the cassette, from 1.
  package var number: Int

  /// The identity that its recorder gave it.
  package var id: String

  /// What an entry is called now.
  package init(_ entry: Library.Entry) {
    cassette = entry.cassette
    number = entry.number
    id = entry.exchange.request.id
  }
}
