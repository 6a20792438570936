internal import Cassettes
internal import HTTP

/// The body of a capture with its content coding undone, whether the file has it coded or not.
struct DecodedBody {
  /// The most bytes that one body may decode to.
  static let limitBytes = 256 << 20

  /// The bytes.
  var bytes: [UInt8]
  /// The coding that was undone, here or before, or nil where there was none.
  var coding: String?
  /// The times of the capture, its pieces counted in `bytes`.
  var times: Capture.Times
  /// How it ended, where the coding shows it.
  var ending: Ending.How?
  /// What the coding shows of the end, in words.
  var endingDetail: String?
  /// What could not be done.
  var losses: [String] = []

  /// How many bytes are decoded at a time where a file knows no pieces.
  private static let pieceBytes = 16 << 10

  /// Undoes the coding that the head names, or that a body without one shows by how it begins.
  ///
  /// - Throws: An `ImportError` where the body grows beyond `limitBytes`.
  init(of capture: borrowing Capture) throws {
    bytes = capture.body
    times = capture.times
    let isGzip = capture.body.starts(with: [0x1F, 0x8B])
    guard let name = capture.headers.contentCoding ?? (isGzip ? "gzip" : nil), !bytes.isEmpty else {
      return
    }
    // What cannot be told from text is text: such files are often written behind a decoder.
    coding = name
    guard var decoder = ContentDecoder(coding: name) else {
      guard !Self.isText(bytes) else { return }
      coding = nil
      losses = ["its body stays in the content coding \(name), which cannot be undone here"]
      return
    }
    var decoded: [UInt8] = []
    var ends: [Int] = []
    let pieces = Self.pieces(of: capture)
    for piece in pieces {
      let step = decoder.decode(Array(capture.body[piece]))
      decoded += step.bytes
      ends.append(decoded.count)
      guard decoded.count <= Self.limitBytes else {
        throw ImportError(
          "a body decodes to more than \(Self.limitBytes) bytes, which is the limit",
          line: capture.line)
      }
      if let failure = step.failure {
        if decoded.isEmpty {
          guard !Self.isText(bytes) else { return }
          coding = nil
          losses = ["its body is not in the content coding \(name), which its head names"]
          return
        }
        ending = .malformed
        endingDetail = failure.description
        break
      }
    }
    if ending == nil, !decoder.isWhole, capture.ending == .complete {
      ending = .truncated
      endingDetail = "the body ended before its content coding did"
    }
    bytes = decoded
    settleTimes(capture.times, ends)
  }

  /// Moves the ends of pieces to where they stand in the decoded bytes.
  private mutating func settleTimes(_ captured: Capture.Times, _ ends: [Int]) {
    switch captured {
    case .unknown, .span: break
    case .cuts: times = .cuts(ends)
    case .arrivals(let chunks, let head, let end):
      times = .arrivals(
        zip(chunks, ends).map { Chunk(end: $1, at: $0.at) }, head: head, end: end)
    }
  }

  private static func pieces(of capture: borrowing Capture) -> [Range<Int>] {
    let count = capture.body.count
    let ends: [Int] =
      switch capture.times {
      case .unknown, .span: Array(stride(from: pieceBytes, to: count, by: pieceBytes)) + [count]
      case .cuts(let ends): ends
      case .arrivals(let chunks, _, _): chunks.map(\.end)
      }
    var start = 0
    return ends.map { end in
      let end = min(max(end, start), count)
      defer { start = end }
      return start..<end
    }
  }

  /// Whether bytes begin as text does: without control characters.
  private static func isText(_ bytes: [UInt8]) -> Bool {
    bytes.prefix(64).allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
  }
}
