/// The transfers of which libcurl told something that nobody has looked at yet.
///
/// Events are gathered here while libcurl is at one socket, so that what one read brought is handed
/// over at once; and the loop need not look at all transfers for those where something happened.
final class TouchedTransfers {
  private var transfers: [Transfer] = []

  func add(_ transfer: Transfer) { transfers.append(transfer) }

  func take() -> [Transfer] {
    guard !transfers.isEmpty else { return [] }
    defer { transfers.removeAll(keepingCapacity: true) }
    return transfers
  }
}
