internal import Planning

/// Picks the request of each turn of each conversation: by their numbers and the seed, and by
/// nothing that was picked before.
struct RequestPicker: Sendable {
  /// What a conversation is one of: requests that are sent one after another.
  private let units: [Range<Int>]
  private let choice: RequestChoice
  /// The sums of the weights up to each unit and with it.
  private let sums: [UInt64]
  private let draws: Draws

  /// Picks of a pool; `inConversations` says whether requests that go on with one another are sent
  /// one after another.
  init(
    _ pool: RequestPool, _ choice: RequestChoice, inConversations: Bool, seed: UInt64
  ) throws(DirectiveError) {
    guard !pool.requests.isEmpty else {
      throw DirectiveError("there is no request to send: give a cassette with one, or a URL")
    }
    units = inConversations ? pool.conversations : pool.requests.indices.map { $0..<($0 + 1) }
    self.choice = choice
    draws = Draws(seed: seed, of: .requests)
    guard case .weights(let weights) = choice else {
      sums = []
      return
    }
    guard weights.count == pool.requests.count else {
      throw DirectiveError(
        "--requests \(choice) has \(weights.count) weights for \(pool.requests.count) requests: write one for "
          + "each")
    }
    var sum: UInt64 = 0
    sums = units.map { unit in
      sum += UInt64(weights[unit.lowerBound])
      return sum
    }
    guard sum > 0 else {
      throw DirectiveError(
        "\(choice) chooses nothing: the weight of a conversation is that of its first request")
    }
  }

  /// The request of a turn, from 1; a conversation that has more turns begins again.
  func request(ofConversation conversation: Int, turn: Int) -> Int {
    let unit = units[unit(of: conversation)]
    return unit.lowerBound + (turn - 1) % unit.count
  }

  private func unit(of conversation: Int) -> Int {
    switch choice {
    case .ordered: conversation % units.count
    case .random: Int(draws.value(below: UInt64(units.count), at: conversation))
    case .weights: place(of: draws.value(below: sums[sums.count - 1], at: conversation))
    }
  }

  /// The first place whose sum is above a number.
  private func place(of number: UInt64) -> Int {
    var (low, high) = (0, sums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > number { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
