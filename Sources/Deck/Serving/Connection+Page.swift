internal import Cassettes
internal import HTTP
internal import Planning
internal import Sockets
internal import Threads

/// Writing a page piece by piece.
extension Connection {
  /// Begins to write a page.
  func begin(_ page: PagedAnswer) {
    var page = page
    closesAfterAnswer = page.framing.closes
    if closesAfterAnswer { parser.stop() }
    openNothing()
    var bytes = page.framing.head
    page.framing.chunk(page.first, to: &bytes)
    page.first = []
    state = .paging(page)
    write(0..<bytes.count, of: bytes)
    turnPage()
  }

  /// Has the next piece put together once the client has taken what there was; a client that does
  /// not read costs one piece, and no thread.
  func turnPage() {
    guard let id, case .paging(let page) = state, !wire.isPending, !isTurningPage else { return }
    isTurningPage = true
    let mailbox = shared.mailbox
    shared.answerer.pages.submit {
      var page = page
      let piece = page.pieces.next()
      mailbox.post { [page] in $0.scene.connections[id]?.write(piece, of: page) }
    }
  }

  private func write(_ piece: [UInt8]?, of page: PagedAnswer) {
    guard case .paging = state else { return }
    isTurningPage = false
    var page = page
    var bytes: [UInt8] = []
    if let piece {
      page.framing.chunk(piece, to: &bytes)
    } else {
      bytes = page.framing.end(Ending(how: .complete)).bytes
    }
    state = .paging(page)
    write(0..<bytes.count, of: bytes)
    guard case .paging = state else { return }
    if piece == nil { return wake(at: end(.complete)) }
    turnPage()
  }
}

extension RelayFraming {
  /// Begins a page of the deck's own, whose length is not known.
  init(status: Int, headers: [HeaderField], client: ClientTraits) {
    self.init(
      ResponseHead(status: status, framing: .chunked, headers: headers),
      to: RecordedRequest(id: "", at: "", method: "GET"), client: client)
  }
}
