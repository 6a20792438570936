import Cassettes
import HTTP
import Libc

/// The header fields of `-H`: each is a field, or `@FILE` with one a line.
///
/// The bytes of a value go out as they are given, whatever they stand for in some encoding.
enum HeaderArguments {
  private static let limitBytes = 1 << 20

  /// The fields that the arguments give, in order.
  ///
  /// - Throws: where one is no field, or a file cannot be read. What stands there is never shown:
  ///   it may be a key.
  static func fields(of arguments: [String]) throws -> [HeaderField] {
    try arguments.enumerated().flatMap { number, argument in
      guard argument.hasPrefix("@") else {
        guard let field = field(bytes(of: argument)[...]) else {
          throw Failure(
            .usage, "--header: number \(number + 1) has no colon: write 'name: value', or @FILE")
        }
        return [field]
      }
      return try fields(in: String(argument.dropFirst()))
    }
  }

  private static func fields(in file: String) throws -> [HeaderField] {
    let bytes = try InputFile.read(file, limitBytes: limitBytes)
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return try lines.enumerated().compactMap { number, line in
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if line.allSatisfy(\.isBlank) { return nil }
      guard let field = field(line) else {
        throw Failure(
          .usage, "--header: \(file): line \(number + 1) has no colon: write 'name: value'")
      }
      return field
    }
  }

  private static func field(_ line: ArraySlice<UInt8>) -> HeaderField? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let value = line[(colon + 1)...].withoutBlanksAround
    return HeaderField(String(decoding: line[..<colon], as: UTF8.self), bytes: value)
  }

  /// The bytes of an argument: what is no UTF-8 is lost in its string, and still there in the
  /// process's arguments.
  private static func bytes(of argument: String) -> [UInt8] {
    guard argument.unicodeScalars.contains("\u{FFFD}") else { return Array(argument.utf8) }
    for place in 1..<max(1, Int(CommandLine.argc)) {
      guard let text = CommandLine.unsafeArgv[place] else { continue }
      let bytes = Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
      for prefix in ["", "-H", "--header="] where bytes.starts(with: prefix.utf8) {
        let rest = bytes.dropFirst(prefix.utf8.count)
        if String(decoding: rest, as: UTF8.self) == argument { return Array(rest) }
      }
    }
    return Array(argument.utf8)
  }
}
