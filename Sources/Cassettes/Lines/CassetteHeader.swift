internal import LosslessJSON

/// The first line of a cassette: `{"tapedeck":1}`.
enum CassetteHeader {
  /// The version of the format that this library reads and writes.
  static let version = 1

  /// Reads the line and returns the keys that this version does not know.
  static func extra(
    line: UnsafeBufferPointer<UInt8>, nesting: Int
  ) throws(CassetteError) -> [JSONValue.Member] {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: line, nesting: nesting)
    } catch {
      throw notACassette
    }
    guard case .object(let members) = value, case .number(let text) = value["tapedeck"] else {
      throw notACassette
    }
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text != "0" else {
      throw CassetteError(.badData, "has the version '\(text.printable)', which is not 1 or higher")
    }
    guard text == "1" else {
      throw CassetteError(
        .badData,
        "needs a newer tapedeck: its version is \(text.printable), this one reads up to \(version)")
    }
    let extra = members.filter { !$0.key.elementsEqual("tapedeck".utf8) }
    guard extra.count == members.count - 1 else { throw notACassette }
    return extra
  }

  /// The line, without its LF.
  static func line(extra: [JSONValue.Member]) -> [UInt8] {
    JSONValue.object([JSONValue.Member("tapedeck", .number(version))] + extra).bytes
  }

  private static var notACassette: CassetteError {
    CassetteError(.badData, #"is not a cassette: its first line is not {"tapedeck":1}"#)
  }
}
