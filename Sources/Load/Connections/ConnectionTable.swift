/// The connections of one loop, each with a seat that poller and wheel name, and those that are
/// kept for the next stream.
struct ConnectionTable {
  /// A connection's seat, and how many had it before.
  struct ID: BitwiseCopyable, Equatable {
    let seat: UInt32
    let turn: UInt32

    init(seat: UInt32, turn: UInt32) {
      self.seat = seat
      self.turn = turn
    }

    /// What `bits` was of.
    init(bits: UInt64) {
      seat = UInt32(truncatingIfNeeded: bits >> 32)
      turn = UInt32(truncatingIfNeeded: bits)
    }

    /// The same as a number.
    var bits: UInt64 { UInt64(seat) << 32 | UInt64(turn) }
  }

  private var connections: [LoadConnection?] = []
  private var turns: [UInt32] = []
  private var free: [UInt32] = []
  private var kept: [ID] = []

  /// How many there are.
  var size: Int { connections.count - free.count }

  /// The connection of a seat, or nil where it is gone.
  subscript(id: ID) -> LoadConnection? {
    guard id.seat < connections.count, turns[Int(id.seat)] == id.turn else { return nil }
    return connections[Int(id.seat)]
  }

  /// Gives a connection a seat.
  mutating func add(_ connection: LoadConnection) -> ID {
    guard let seat = free.popLast() else {
      connections.append(connection)
      turns.append(0)
      return ID(seat: UInt32(clamping: connections.count - 1), turn: 0)
    }
    connections[Int(seat)] = connection
    return ID(seat: seat, turn: turns[Int(seat)])
  }

  /// Forgets a connection, which closes it.
  mutating func remove(_ id: ID) {
    guard self[id] != nil else { return }
    connections[Int(id.seat)] = nil
    turns[Int(id.seat)] &+= 1
    free.append(id.seat)
  }

  /// Keeps a connection that carries no stream for the next one.
  mutating func keep(_ id: ID) { kept.append(id) }

  /// Takes a kept connection that is still there, the latest first: it is the least likely to be
  /// closed by its server for being idle.
  mutating func takeKept() -> ID? {
    while let id = kept.popLast() {
      if self[id] != nil { return id }
    }
    return nil
  }

  /// All that are there.
  var ids: [ID] {
    connections.indices.compactMap { seat in
      connections[seat] == nil ? nil : ID(seat: UInt32(seat), turn: turns[seat])
    }
  }
}
