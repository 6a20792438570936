internal import Cassettes
internal import Documents

/// What tshark says of one segment of TCP, in any of the forms in which it writes packets.
struct TSharkPacket {
  /// When it was captured, in microseconds since 1970 or, where `isRelative`, since the first one.
  var time: Int64
  /// Whether the time counts from the first packet.
  var isRelative: Bool
  /// The connection.
  var stream: String
  /// The address and port that sent it.
  var source: String
  /// The address and port that it was sent to.
  var destination: String
  /// The sequence number of its first byte; nil where the file does not say it.
  var sequence: UInt32?
  /// Its bytes.
  var payload: [UInt8]
  /// The bytes of the message that it completes, where tshark put them together.
  var reassembled: [UInt8]?
  /// Whether the segment begins the connection, ends it, or resets it.
  var isSyn: Bool, isFin: Bool, isReset: Bool
  /// The line of the file.
  var line: Int

  /// Reads a packet; nil where it is none of TCP.
  ///
  /// - Throws: An `ImportError` where a field is not what its name says.
  init?(_ packet: Node) throws {
    guard let layers = packet[path: ["_source", "layers"]] ?? packet["layers"] else { return nil }
    guard layers.members != nil else { throw ImportError.expected("a mapping for layers", layers) }
    let fields = TSharkFields(layers: layers)
    line = packet.line
    guard let source = try fields.text("tcp.srcport"), let target = try fields.text("tcp.dstport")
    else {
      let isTCP = layers["tcp"] != nil || fields.node("tcp.payload") != nil
      guard !isTCP else {
        throw ImportError("expected tcp.srcport and tcp.dstport: add -e with them", line: line)
      }
      return nil
    }
    let from = try fields.text("ip.src") ?? fields.text("ipv6.src") ?? ""
    let to = try fields.text("ip.dst") ?? fields.text("ipv6.dst") ?? ""
    self.source = "\(from) \(source)"
    destination = "\(to) \(target)"
    stream = try fields.text("tcp.stream") ?? [self.source, destination].sorted().joined()
    if let number = fields.node("tcp.seq") ?? fields.node("tcp.seq_raw") {
      guard let text = number.text, let value = UInt32(text) else {
        throw ImportError.expected("a number of 32 bits for tcp.seq", number)
      }
      sequence = value
    }
    payload =
      try fields.bytes("tcp.payload") ?? fields.bytes("tcp.segment_data")
      ?? fields.bytes("data.data") ?? []
    if let length = try fields.text("tcp.len").flatMap({ Int($0) }), length > 0, payload.isEmpty,
      fields.node("tcp.reassembled.data") == nil
    {
      throw ImportError(
        "expected the \(length) bytes of a segment in tcp.payload: add -e tcp.payload", line: line)
    }
    reassembled = try fields.bytes("tcp.reassembled.data")
    (isSyn, isFin, isReset) = try fields.flags()
    (time, isRelative) = try fields.time(line: line)
  }
}

/// The fields of a packet by their names, wherever tshark puts them: in mappings by layer
/// (`-T json`), alone with a list of values (`-e`), and with other names for Elasticsearch
/// (`-T ek`).
private struct TSharkFields {
  let layers: Node

  /// The first value of a field, or nil.
  func node(_ name: String) -> Node? {
    let layer = String(name.prefix { $0 != "." })
    let joined = name.replacing(".", with: "_")
    let inLayer = layers[layer]
    let found =
      layers[name] ?? layers[joined] ?? inLayer?[name] ?? inLayer?["\(layer)_\(joined)"]
      ?? layers["tcp.segments"]?[name] ?? layers["tcp_segments"]?["tcp_\(joined)"]
      ?? inLayer?["\(layer).flags_tree"]?[name]
    guard let items = found?.items else { return found.flatMap { $0.isNull ? nil : $0 } }
    return items.first
  }

  func text(_ name: String) throws -> String? {
    guard let node = node(name) else { return nil }
    guard let text = node.text else { throw ImportError.expected("a text for \(name)", node) }
    return text
  }

  func bytes(_ name: String) throws -> [UInt8]? {
    guard let node = node(name) else { return nil }
    guard let digits = node.bytes, let bytes = HexText.decoded(digits) else {
      throw ImportError("expected hexadecimal digits in \(name), found others", line: node.line)
    }
    return bytes
  }

  func flags() throws -> (syn: Bool, fin: Bool, reset: Bool) {
    if let text = try text("tcp.flags"), text.hasPrefix("0x"),
      let bits = UInt16(text.dropFirst(2), radix: 16)
    {
      return (bits & 2 != 0, bits & 1 != 0, bits & 4 != 0)
    }
    func isSet(_ flag: String, _ letter: Character) throws -> Bool {
      if let value = try text("tcp.flags.\(flag)") { return ["1", "true", "True"].contains(value) }
      return try text("tcp.flags.str")?.contains(letter) == true
    }
    return (try isSet("syn", "S"), try isSet("fin", "F"), try isSet("reset", "R"))
  }

  func time(line: Int) throws -> (Int64, Bool) {
    if let text = try text("frame.time_epoch") {
      if let time = Self.microseconds(text) ?? Timestamp.microseconds(rfc3339: text) {
        return (time, false)
      }
      throw ImportError(
        "expected seconds in frame.time_epoch, found \(text.prefix(40))", line: line)
    }
    for name in ["frame.time_relative", "tcp.time_relative"] {
      guard let text = try text(name) else { continue }
      if let time = Self.microseconds(text) { return (time, true) }
      throw ImportError("expected seconds in \(name), found \(text.prefix(40))", line: line)
    }
    throw ImportError("expected frame.time_epoch: add -e frame.time_epoch", line: line)
  }

  /// Decimal seconds in microseconds; what is finer is dropped.
  private static func microseconds(_ text: String) -> Int64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let seconds = Int64(parts[0]), seconds >= 0,
      seconds < 1 << 40
    else { return nil }
    let digits = parts.count == 2 ? parts[1].prefix(6) : ""
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    var fraction: Int64 = 0
    for digit in digits.utf8 { fraction = fraction * 10 + Int64(digit - 0x30) }
    for _ in digits.utf8.count..<6 { fraction *= 10 }
    return seconds * 1_000_000 + fraction
  }
}
