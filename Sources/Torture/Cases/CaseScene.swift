internal import Cassettes
internal import Dialects
internal import EventStream
internal import Planning

/// What a recording offers to cases: its events with their roles, and its multibyte characters.
struct CaseScene: Sendable {
  /// The recording, with its answer read.
  let recorded: RecordedAnswer

  /// The blocks of the events in the body; none where it is no event stream.
  let blocks: [Range<Int>]

  /// What each event is.
  let roles: [EventRole]

  /// The offsets of the bytes that lead the first multibyte characters, with their lengths.
  let characters: [Range<Int>]

  private let extents: [EventRole: Extent]

  /// The events of one role: the first, the last, and the one in the middle, by index.
  private struct Extent: Sendable {
    var indices: [Int]
  }

  /// How many multibyte characters are looked at.
  private static let characterLimit = 2

  /// Looks at a recording.
  init(_ exchange: Exchange) {
    recorded = RecordedAnswer(exchange)
    let events = recorded.events.events
    blocks = events.map(\.block)
    roles = EventRole.roles(of: events, recorded.dialect)
    characters = Self.multibyteCharacters(of: exchange.body, limit: Self.characterLimit)
    var extents: [EventRole: Extent] = [:]
    for (index, role) in roles.enumerated() {
      extents[role, default: Extent(indices: [])].indices.append(index)
    }
    self.extents = extents
  }

  /// The recorded body.
  var body: [UInt8] { recorded.exchange.body }

  /// Whether the answer has a body that faults can change.
  var isAnswered: Bool {
    (200..<300).contains(recorded.exchange.head?.status ?? 0) && !body.isEmpty
  }

  private static func multibyteCharacters(of body: [UInt8], limit: Int) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var rest = body[...]
    while found.count < limit, let lead = rest.firstIndex(where: { $0 >= 0xc2 && $0 <= 0xf4 }) {
      let length = body[lead] < 0xe0 ? 2 : body[lead] < 0xf0 ? 3 : 4
      let following = body[(lead + 1)...].prefix(length - 1)
      if following.count == length - 1, following.allSatisfy({ $0 & 0xc0 == 0x80 }) {
        found.append(lead..<lead + length)
      }
      rest = body[(lead + 1)...]
    }
    return found
  }
}

extension CaseScene {
  /// The indices of all events of a role, in order.
  func indices(of role: EventRole) -> [Int] { extents[role]?.indices ?? [] }

  /// The event in the middle of the text, or of the stream where it has no text.
  var middle: Int? {
    let texts = indices(of: .text)
    return texts.isEmpty ? (blocks.isEmpty ? nil : blocks.count / 2) : texts[texts.count / 2]
  }

  /// The event that ends the message, or the last one where none does.
  var terminal: Int? { indices(of: .terminal).last ?? (blocks.isEmpty ? nil : blocks.count - 1) }

  /// The telling events: of each role the first, one in the middle and the last.
  var tellingEvents: [Int] {
    var chosen: Set<Int> = []
    var others = 0
    for (role, extent) in extents.sorted(by: { $0.value.indices[0] < $1.value.indices[0] }) {
      if case .other = role {
        others += 1
        guard others <= Self.otherLimit else { continue }
      }
      let indices = extent.indices
      chosen.insert(indices[0])
      guard role.whole != nil || role == .terminal else { continue }
      chosen.insert(indices[indices.count / 2])
      chosen.insert(indices[indices.count - 1])
    }
    if let terminal { chosen.insert(terminal) }
    return chosen.sorted()
  }

  /// How many types of events that have no role of their own are telling.
  private static let otherLimit = 8

  /// What the event at an index is called in a title.
  func noun(ofEvent index: Int) -> String {
    let role = roles[index]
    if role == .terminal, index == roles.count - 1 { return "the last event" }
    let all = indices(of: role)
    guard let whole = role.whole, all.count > 1 else { return role.noun }
    if index == all.first { return "the first piece of \(whole)" }
    return index == all.last ? "the last piece of \(whole)" : "a piece in the middle of \(whole)"
  }

  /// The same, where it does not matter which of several pieces it is.
  func part(ofEvent index: Int) -> String {
    let role = roles[index]
    let all = indices(of: role)
    return role.whole == nil || index == all.first || index == all.last
      ? noun(ofEvent: index) : role.noun
  }

  /// Where the point before the event at an index is, in words.
  func words(beforeEvent index: Int) -> String {
    let role = roles[index]
    let all = indices(of: role)
    if index == 0 { return "before the first event" }
    if let whole = role.whole, all.count > 2, index != all.first, index != all.last {
      return "in the middle of \(whole)"
    }
    return "just before \(noun(ofEvent: index))"
  }
}
