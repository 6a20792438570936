/// Reads a JSON text that is still being written, piece by piece, and has its value at any point.
///
/// What is open is taken as closed, and what is not whole yet is left out: `{"a": [1, tr` is
/// `{"a": [1]}`. It reads as `jiter` of Python does with `partial_mode`, by which the SDKs read the
/// input of a tool while it comes:
/// - Whatever follows the value is passed over; so is all that follows a value inside an array or an
///   object where a comma or a bracket should stand.
/// - `NaN` and `Infinity` are read, and are null here, as JSON has no such numbers.
/// - Where a key comes twice, the last value counts; a lone surrogate in an escape is an error.
///
/// Every byte is looked at once, however the text is cut into pieces.
public struct PartialJSON: Sendable {
  /// The most arrays and objects that may stand around a value.
  public static let deepest = 200

  /// The most bytes of an integer, or of a number's part before its point.
  public static let integerLimitBytes = 4300

  /// Why the text cannot become JSON any more, and at which byte of it; nil while it can.
  ///
  /// The value stays what it was, and nothing more is read.
  public private(set) var error: JSONError?

  let keepsTrailingStrings: Bool
  var state = State.value
  var frames: [Frame] = []
  /// The bytes of the string or number that is being read.
  var token: [UInt8] = []
  var escape = Escape()
  private var root: JSONValue?
  private var readBytes = 0
  private var position = 0

  /// Creates a reader that stands before the first byte.
  ///
  /// - Parameter keepsTrailingStrings: Whether a string that has not ended yet is part of the value, as
  ///   with jiter's mode `trailing-strings`.
  public init(keepsTrailingStrings: Bool = false) {
    self.keepsTrailingStrings = keepsTrailingStrings
  }

  /// Reads on.
  public mutating func append(_ piece: [UInt8]) {
    piece.withUnsafeBufferPointer { append($0) }
  }

  /// Reads on.
  public mutating func append(_ piece: UnsafeBufferPointer<UInt8>) {
    var index = 0
    while index < piece.count, error == nil {
      position = readBytes + index
      switch state {
      case .done: index = piece.count
      case .string: index = takeString(piece, from: index)
      case .number(let place): index += takeNumber(piece[index], place) ? 1 : 0
      case .word(let word, let matched):
        takeWord(piece[index], word, matched)
        index += 1
      case .escape:
        takeEscape(piece[index])
        index += 1
      default:
        takeStructure(piece[index])
        index += 1
      }
    }
    readBytes += piece.count
  }

  /// The value so far; nil while there is none.
  public var value: JSONValue? {
    if let root { return root }
    var inner = error == nil ? tokenValue : nil
    for frame in frames.reversed() {
      var frame = frame
      if let inner { frame.add(inner) }
      inner = frame.value
    }
    return inner
  }

  /// Notes that the byte at which it stands ends all hope.
  ///
  /// - Parameters:
  ///   - reason: What is wrong.
  ///   - bytes: How many bytes it has moved on since it was at a place between steps.
  mutating func fail(_ reason: JSONError.Reason, after bytes: Int = 0) {
    error = JSONError(reason, offset: position + bytes)
  }

  /// Adds a whole value to what is open around it.
  mutating func deliver(_ value: JSONValue) {
    guard !frames.isEmpty else {
      root = value
      state = .done
      return
    }
    frames[frames.count - 1].add(value)
    state = .afterValue
  }
}

extension PartialJSON {
  /// What may come next.
  enum State: Sendable {
    case value
    case firstElement
    case firstKey
    case nextKey
    case colon
    case afterValue
    case string(isKey: Bool)
    case escape(isKey: Bool)
    case number(NumberPlace)
    case word(Word, matched: Int)
    case done
  }

  /// An array or an object that is open.
  struct Frame: Sendable {
    let isArray: Bool
    var elements: [JSONValue] = []
    var members = UniqueMembers()
    var key: [UInt8] = []

    var closer: UInt8 { isArray ? UInt8(ascii: "]") : UInt8(ascii: "}") }
    var value: JSONValue { isArray ? .array(elements) : .object(members.members) }

    mutating func add(_ value: JSONValue) {
      if isArray { elements.append(value) } else { members.set(key, to: value) }
    }
  }
}
