internal import Cassettes
internal import HTTP

/// What curl shows of its connections, put together to exchanges.
struct CurlConversation {
  /// What a record holds.
  enum Kind {
    case info, sentHeader, sentData, receivedHeader, receivedData, handshake
  }

  /// A piece of what curl shows.
  struct Record {
    var kind: Kind
    var bytes: [UInt8] = []
    var at: Int64?
    /// The number of the transfer, where curl says it.
    var transfer: Int?
    var line: Int
  }

  /// How a file shows what curl does.
  struct Manner {
    /// Whether only printable characters are there.
    var isPrintable = false
    /// Whether the body may come behind the word that the connection is done with.
    var isBodyLate = false
    /// What no transfer of the file has.
    var losses: [String] = []
  }

  /// How the file shows what curl does.
  var manner: Manner

  private var transfer: CurlTransfer?
  private var isTLS = false
  private var tlsHosts: Set<String> = []
  private var isClosed = false
  /// How many captures were handed over.
  private(set) var count = 0

  /// Creates a conversation of which nothing is known.
  init(_ manner: Manner = Manner()) { self.manner = manner }

  /// Whether the head of an answer is there, so that its body may come.
  var hasHead: Bool { transfer?.head != nil }

  /// Takes a record, and hands over what is whole.
  mutating func take(_ record: Record, _ emit: (Capture) throws -> Void) throws {
    switch record.kind {
    case .handshake: isTLS = true
    case .info: try takeInfo(record, emit)
    case .sentHeader: try takeRequest(record, emit)
    case .sentData:
      guard transfer != nil else { return }
      transfer?.requestBody += record.bytes
      if transfer?.head == nil { transfer?.sentAt = record.at }
    case .receivedHeader:
      if transfer?.head != nil, MessageHead.begins(in: record.bytes[...]) { try flush(emit) }
      if transfer == nil { begin(on: record) }
      transfer?.takeHeader(record.bytes[...], at: record.at)
      if transfer?.request?.requestLine?.method == "CONNECT", transfer?.head != nil {
        try takeTunnel(record, emit)
      }
      try flushIfWhole(emit)
    case .receivedData:
      transfer?.takeBody(record.bytes[...], at: record.at)
      try flushIfWhole(emit)
    }
  }

  /// Hands over what is left where the file ends.
  mutating func finish(_ emit: (Capture) throws -> Void) throws { try flush(emit) }

  private mutating func begin(on record: Record) {
    transfer = CurlTransfer(line: record.line, isTaken: manner.isBodyLate)
    transfer?.losses = manner.losses
    transfer?.isTLS = isTLS
    isClosed = false
  }

  private mutating func takeRequest(
    _ record: Record, _ emit: (Capture) throws -> Void
  ) throws {
    if transfer?.head != nil || transfer?.failure != nil { try flush(emit) }
    if transfer == nil || transfer?.request != nil { begin(on: record) }
    transfer?.takeRequest(record.bytes, at: record.at)
    guard let host = transfer?.request?.fields.value(of: "host") else { return }
    if isTLS { tlsHosts.insert(host) } else if tlsHosts.contains(host) { transfer?.isTLS = true }
  }

  /// What a proxy says to a CONNECT is no answer of the server's.
  private mutating func takeTunnel(
    _ record: Record, _ emit: (Capture) throws -> Void
  ) throws {
    guard let status = transfer?.head?.status.status, !(200..<300).contains(status) else {
      transfer = nil
      return
    }
    var refused = CurlTransfer(line: record.line, isTaken: manner.isBodyLate)
    refused.failure = CurlFailure(
      how: .unreachable, stage: .connect, code: 56,
      detail: "the proxy answered CONNECT with \(status)")
    transfer = refused
  }

  private mutating func takeInfo(_ record: Record, _ emit: (Capture) throws -> Void) throws {
    let text = String(decoding: record.bytes.prefix(512), as: UTF8.self)
    switch CurlNotice(text) {
    case .connecting:
      if transfer?.failure != nil || transfer?.head != nil, !manner.isBodyLate { try flush(emit) }
      isTLS = false
    case .tls:
      isTLS = true
      if transfer?.head == nil { transfer?.isTLS = true }
    case .reused(let isSaid): isTLS = isSaid ?? false
    case .sentAgain: if transfer?.head == nil { transfer = nil }
    case .failed(let failure): try takeFailure(failure, record, emit)
    case .closed:
      if transfer?.head == nil, transfer?.failure == nil { return }
      isClosed = true
      if transfer?.isWhole == false, transfer?.failure == nil {
        note(end: record.at)
      }
      if !manner.isBodyLate { try flush(emit) }
    case .other: break
    }
  }

  /// Takes what curl says of a failure; the first words on a transfer count.
  mutating func takeFailure(
    _ failure: CurlFailure, _ record: Record, _ emit: (Capture) throws -> Void
  ) throws {
    if failure.isBeforeRequest, transfer?.head != nil, !manner.isBodyLate { try flush(emit) }
    if transfer == nil {
      // Behind an answer that is whole, the fate of its connection is nothing that a client sees.
      guard failure.isBeforeRequest else { return }
      begin(on: record)
    }
    if transfer?.failure == nil {
      transfer?.failure = failure
      if transfer?.isWhole == false || transfer?.head == nil {
        note(end: record.at)
      }
    } else if transfer?.failure?.code == nil {
      transfer?.failure?.code = failure.code
    }
  }

  private mutating func note(end time: Int64?) {
    if let time { transfer?.endedAt = time }
  }

  private mutating func flushIfWhole(_ emit: (Capture) throws -> Void) throws {
    guard !manner.isBodyLate, transfer?.isWhole == true else { return }
    try flush(emit)
  }

  private mutating func flush(_ emit: (Capture) throws -> Void) throws {
    guard var done = transfer else { return }
    transfer = nil
    guard
      let capture = try done.capture(isClosed: isClosed, manner)
    else { return }
    try emit(capture)
    count += 1
  }
}
