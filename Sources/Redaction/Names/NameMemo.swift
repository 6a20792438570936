/// What names say that were looked at before: the events of a stream have the same ones again and
/// again.
struct NameMemo: Sendable {
  /// How many names are remembered; the oldest makes room.
  private static let limit = 16

  private var known: [(name: [UInt8], verdict: CredentialName.Verdict)] = []
  private var oldest = 0

  /// What `CredentialName.verdict` says of a name.
  mutating func verdict(of name: ArraySlice<UInt8>) -> CredentialName.Verdict {
    guard CredentialName.mayNameOne(name) else { return .innocent }
    for entry in known where entry.name.count == name.count && name.elementsEqual(entry.name) {
      return entry.verdict
    }
    let verdict = CredentialName.verdict(of: name)
    guard name.count <= CredentialName.limitBytes else { return verdict }
    if known.count < Self.limit {
      known.append((Array(name), verdict))
    } else {
      known[oldest] = (Array(name), verdict)
      oldest = (oldest + 1) % Self.limit
    }
    return verdict
  }
}
