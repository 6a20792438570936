internal import Cassettes

/// `rechunk`: other chunks over the same bytes.
struct RechunkFault: Fault {
  static let name = "rechunk"
  static let kind = FaultKind.shape
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.rest
  static let usage = "rechunk[:N|:random|:utf8|:crlf][@place]"
  static let summary =
    """
    From there on the body is sent in chunks of N bytes, of random sizes, or cut inside every \
    multibyte character or CR LF.
    """
  static let example = "rechunk:1"
  static let symptoms = [
    FaultSymptom(
      "a character is split between two reads", "rechunk:utf8",
      ["split", "utf8", "split character", "multibyte", "emoji", "partial character"]),
    FaultSymptom(
      "every byte comes alone", "rechunk:1",
      [
        "split", "fragment", "fragmented", "fragmentation", "small packets", "byte by byte",
        "mtu",
      ]),
    FaultSymptom(
      "a line ending is split between two reads", "rechunk:crlf",
      ["split line", "split newline"]),
  ]

  private enum Cut {
    case every(Int)
    case random, utf8, crlf
  }

  private let cut: Cut

  var drawsChance: Bool { if case .random = cut { true } else { false } }

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    switch arguments.next() ?? "random" {
    case "random": cut = .random
    case "utf8": cut = .utf8
    case "crlf": cut = .crlf
    case let text:
      guard let count = try? Quantity.ordinal(text) else {
        throw arguments.unfit(text, "a number of bytes, random, utf8 or crlf")
      }
      cut = .every(count)
    }
  }

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    guard let (position, _) = draft.start(of: place) else { return }
    let index = draft.split(at: position)
    let ends = try self.ends(in: draft, from: position, scene.chance)
    try PlanLimits.check(chunks: index + ends.count, for: Self.name)
    var old = index
    let chunks = ends.map { end in
      while draft.message.chunks[old].end < end { old += 1 }
      return Chunk(end: end, at: draft.message.chunks[old].at)
    }
    draft.rechunk(from: index, into: chunks)
  }

  /// The ends of the new chunks, ascending; the last is the end of the body.
  private func ends(
    in draft: Draft, from start: Int, _ chance: Chance
  ) throws(DirectiveError) -> [Int] {
    let count = draft.message.body.count
    guard start < count else { return [] }
    switch cut {
    case .every(let size):
      // Checked before the numbers are made: there may be very many.
      try PlanLimits.check(chunks: (count - start) / size, for: Self.name)
      return stride(from: start, to: count, by: size).dropFirst() + [count]
    case .random:
      try PlanLimits.check(chunks: (count - start) / 64, for: Self.name)
      var ends: [Int] = []
      var end = start
      while end < count {
        end = min(count, end + 1 + Int(chance.draw("rechunk:\(ends.count)") % 64))
        ends.append(end)
      }
      return ends
    case .utf8:
      return try merged(draft, from: start, Self.isCharacterOfSeveralBytes)
    case .crlf:
      return try merged(draft, from: start) {
        $0[$1] == 0x0d && $1 + 1 < $0.count && $0[$1 + 1] == 0x0a
      }
    }
  }

  /// Whether a byte leads a character of several bytes that is there whole. (RFC 3629, 3)
  private static func isCharacterOfSeveralBytes(_ bytes: [UInt8], at index: Int) -> Bool {
    let following =
      switch bytes[index] {
      case 0xc2...0xdf: 1
      case 0xe0...0xef: 2
      case 0xf0...0xf4: 3
      default: 0
      }
    let rest = bytes[(index + 1)...].prefix(following)
    return following > 0 && rest.count == following && rest.allSatisfy { $0 & 0xc0 == 0x80 }
  }

  /// The ends that there are, and one behind each byte that `cuts` says.
  private func merged(
    _ draft: Draft, from start: Int, _ cuts: ([UInt8], Int) -> Bool
  ) throws(DirectiveError) -> [Int] {
    var inside: [Int] = []
    for index in start..<draft.message.body.count where cuts(draft.message.body, index) {
      inside.append(index + 1)
      // Checked while they are found: a body may have very many.
      try PlanLimits.check(chunks: inside.count, for: Self.name)
    }
    return Set(inside + draft.message.chunks.map(\.end)).filter { $0 > start }.sorted()
  }
}
