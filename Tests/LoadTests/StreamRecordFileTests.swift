import Cassettes
import Libc
import Load
import Loading
import Testing

struct StreamRecordFileTests {
  private func path(_ name: String) -> String { "/tmp/tapedeck-\(getpid())-\(name)" }

  private func contents(of path: String) -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    return [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
      count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
    }
  }

  private func records(_ numbers: Range<Int>) -> [StreamRecord] {
    numbers.map { number in
      StreamRecord(order: StreamOrder(number: number, due: 0), scheduled: 0, dispatched: 0)
    }
  }

  @Test(arguments: ["records.jsonl", "records.jsonl.gz"])
  func hasALineForEachStream(name: String) throws {
    let path = path(name)
    defer { unlink(path) }
    let file = try StreamRecordFile(path)
    file.write(records(0..<700))
    file.write([])
    file.write(records(700..<1000))
    try file.finish()
    try file.finish()
    file.write(records(0..<1))
    let bytes = contents(of: path)
    let text: (bytes: [UInt8], isWhole: Bool) =
      name.hasSuffix(".gz") ? Gzip.inflated(bytes) : (bytes, true)
    #expect(text.isWhole)
    #expect(text.bytes.split(separator: UInt8(ascii: "\n")).count == 1000)
  }

  @Test func saysWhereItCannotBe() {
    #expect(throws: CassetteError.self) { try StreamRecordFile("/nowhere/records.jsonl") }
  }

  @Test func saysThatTheDiskIsFull() throws {
    #if os(Linux)
      let file = try StreamRecordFile("/dev/full")
      file.write(records(0..<10))
      #expect(throws: CassetteError.self) { try file.finish() }
    #endif
  }
}
