package import Documents

extension ImportInput {
  /// Looks whether the first byte begins JSON, for a format that is written as YAML too.
  ///
  /// - Returns: The whole input, and whether it is JSON.
  package func peekedForJSON() throws -> (feed: ByteFeed, isJSON: Bool) {
    var held: [UInt8] = []
    while true {
      let more = try feed(4 << 10)
      held += more
      let opening = Opening(bytes: held, fileName: fileName)
      guard opening.firstByte == nil, !more.isEmpty, held.count < Opening.limitBytes else { break }
    }
    let isJSON = Opening(bytes: held, fileName: fileName).isJSON
    let feed = feed
    let first: ByteFeed = { limit in
      guard !held.isEmpty else { return try feed(limit) }
      let part = Array(held.prefix(limit))
      held.removeFirst(part.count)
      return part
    }
    return (first, isJSON)
  }
}
