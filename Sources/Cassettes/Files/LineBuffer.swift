/// Bytes that wait to be split into lines, in one piece of memory that does not move while a line
/// of it is read.
struct LineBuffer: ~Copyable {
  private var storage: UnsafeMutableBufferPointer<UInt8>

  /// What is kept where a longer line made more necessary.
  private static let keptBytes = 1 << 20

  /// Where the bytes that have not been taken begin.
  private var start = 0

  /// Where they end.
  private var end = 0

  /// Up to where no LF was found, so that a long line is not searched again and again.
  private var searched = 0

  init(capacity: Int) {
    storage = .allocate(capacity: max(capacity, 1))
  }

  deinit { storage.deallocate() }

  /// The bytes that have not been taken.
  var pending: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: storage[start..<end])
  }

  /// The room behind the bytes, at least `minimum`; moves what is pending.
  mutating func room(atLeast minimum: Int) -> UnsafeMutableBufferPointer<UInt8> {
    if storage.count - end < minimum {
      let count = end - start
      let target: UnsafeMutableBufferPointer<UInt8>
      if storage.count - count >= minimum, start >= count {
        target = storage
      } else {
        target = .allocate(capacity: max(storage.count, 2 * (count + minimum)))
      }
      _ = target.update(fromContentsOf: storage[start..<end])
      if target.baseAddress != storage.baseAddress {
        storage.deallocate()
        storage = target
      }
      (searched, start, end) = (searched - start, 0, count)
    }
    return UnsafeMutableBufferPointer(rebasing: storage[end...])
  }

  /// Says that `count` bytes of the room hold something now.
  mutating func filled(_ count: Int) {
    end += count
  }

  /// Takes the next line, without its LF, or nil where none is whole.
  ///
  /// It stays valid until the next line is taken, or room is asked for.
  mutating func takeLine() -> UnsafeBufferPointer<UInt8>? {
    giveBack()
    guard let feed = storage[searched..<end].firstIndex(of: UInt8(ascii: "\n")) else {
      searched = end
      return nil
    }
    defer {
      start = feed + 1
      searched = start
    }
    return UnsafeBufferPointer(rebasing: storage[start..<feed])
  }

  /// Gives memory back that a long line needed, once that line is gone.
  private mutating func giveBack() {
    guard storage.count > Self.keptBytes, end - start < storage.count / 8 else { return }
    let smaller = UnsafeMutableBufferPointer<UInt8>.allocate(
      capacity: max(Self.keptBytes, 2 * (end - start)))
    _ = smaller.update(fromContentsOf: storage[start..<end])
    storage.deallocate()
    storage = smaller
    (searched, start, end) = (searched - start, 0, end - start)
  }

  /// Takes all that is pending.
  mutating func takeRest() -> UnsafeBufferPointer<UInt8> {
    let rest = pending
    start = end
    searched = end
    return rest
  }
}
