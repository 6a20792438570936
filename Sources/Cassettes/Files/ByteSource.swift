/// The bytes of a cassette as they are on disk, through a buffer of fixed size, or out of memory.
struct ByteSource: ~Copyable {
  private var file: OpenFile?
  private var memory: [UInt8]
  private var memoryIndex = 0
  private let buffer: UnsafeMutableBufferPointer<UInt8>
  private var start = 0
  private var end = 0

  /// The offset of the next byte.
  private(set) var offset: Int

  /// Reads an open file from where it stands, which is `offset`.
  init(_ file: consuming OpenFile, offset: Int = 0) {
    self.file = consume file
    self.memory = []
    self.offset = offset
    buffer = .allocate(capacity: 64 << 10)
  }

  /// Reads bytes in memory.
  init(_ bytes: [UInt8]) {
    file = nil
    memory = bytes
    offset = 0
    buffer = .allocate(capacity: 64 << 10)
  }

  deinit { buffer.deallocate() }

  /// At least `count` bytes without taking them, fewer only at the end.
  ///
  /// They stay valid until the next call.
  mutating func peek(_ count: Int) throws(CassetteError) -> UnsafeBufferPointer<UInt8> {
    if end - start < count {
      _ = buffer.update(fromContentsOf: buffer[start..<end])
      (start, end) = (0, end - start)
      while end - start < count {
        let more = try fill(UnsafeMutableRawBufferPointer(rebasing: room))
        if more == 0 { break }
        end += more
      }
    }
    return UnsafeBufferPointer(rebasing: buffer[start..<end])
  }

  /// Takes bytes that were looked at.
  mutating func skip(_ count: Int) {
    start += count
    offset += count
  }

  /// Takes up to `target.count` bytes; 0 at the end.
  mutating func read(into target: UnsafeMutableRawBufferPointer) throws(CassetteError) -> Int {
    if start == end {
      let count = try fill(target)
      offset += count
      return count
    }
    let count = min(end - start, target.count)
    let taken = UnsafeRawBufferPointer(buffer)[start..<(start + count)]
    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: taken))
    skip(count)
    return count
  }

  private var room: UnsafeMutableRawBufferPointer.SubSequence {
    UnsafeMutableRawBufferPointer(buffer)[end...]
  }

  private mutating func fill(_ target: UnsafeMutableRawBufferPointer) throws(CassetteError) -> Int {
    if let count = try file?.read(into: target) { return count }
    let count = min(target.count, memory.count - memoryIndex)
    memory.withUnsafeBytes { memory in
      target.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: memory[memoryIndex..<(memoryIndex + count)]))
    }
    memoryIndex += count
    return count
  }
}
