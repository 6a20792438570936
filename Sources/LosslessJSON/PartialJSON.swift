/// Reads a JSON text that is still being written, piece by piece, and has its value at any point.
///
/// What is open is taken as closed, and what is not whole yet is left out: `{"a": [1, tr` is
/// `{"a": [1]}`. It reads as `jiter` of Python does with `partial_mode`, by which the SDKs read the
/// input of a tool while it comes:
/// - Whatever follows the value is passed over; so is all that follows a value inside an array or
///   an object where a comma or a bracket should stand.
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

  /// The longest number that stands in the value before it has ended.
  private static let shownNumberLimitBytes = 64

  let keepsTrailingStrings: Bool
  var state = State.value
  /// The arrays and objects that are open, the outermost first.
  var frames: [Frame] = []
  /// The bytes of the string or number that is being read.
  var token: [UInt8] = []
  /// Whether the string that is being read has bytes that are not ASCII.
  var hasWideBytes = false
  var escape = Escape()
  /// The value without the token: what is open stands in it, and grows there.
  private var root: JSONValue?
  /// What there was in place of a number that stands in the value, but could go on.
  private var underNumber: Under?
  private var readBytes = 0
  private var position = 0

  /// Creates a reader that stands before the first byte.
  ///
  /// - Parameter keepsTrailingStrings: Whether a string that has not ended yet is part of the
  ///   value, as with jiter's mode `trailing-strings`.
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
    showNumber()
  }

  /// The value so far; nil while there is none.
  public var value: JSONValue? {
    guard error == nil else { return root }
    if let last = tokenValue {
      if underNumber != nil, token.count <= Self.shownNumberLimitBytes { return root }
      var whole = self
      whole.place(last)
      return whole.root
    }
    guard let underNumber else { return root }
    var without = self
    _ = without.withOpen { $0.takeBack(underNumber.value, in: &$1) }
    return without.root
  }

  /// Whether there is a value so far: the same as looking at it, but it costs nothing.
  public var hasValue: Bool { root != nil || (error == nil && hasTokenValue) }

  /// Notes that the byte at which it stands ends all hope.
  ///
  /// - Parameters:
  ///   - reason: What is wrong.
  ///   - bytes: How many bytes it has moved on since it was at a place between steps.
  mutating func fail(_ reason: JSONError.Reason, after bytes: Int = 0) {
    error = JSONError(reason, offset: position + bytes)
  }

  /// Adds a value that is whole.
  mutating func deliver(_ value: JSONValue) {
    place(value)
    underNumber = nil
    state = frames.isEmpty ? .done : .afterValue
  }

  /// Adds an array or an object to which more will be added.
  mutating func open(isArray: Bool) {
    place(isArray ? .array([]) : .object([]))
    frames.append(Frame(isArray: isArray))
    state = isArray ? .firstElement : .firstKey
  }

  /// Puts a number that could go on where it will stand, so that looking at the value copies
  /// nothing.
  private mutating func showNumber() {
    guard error == nil, case .number(let place) = state, place.isWhole, !frames.isEmpty,
      token.count <= Self.shownNumberLimitBytes, let number = tokenValue
    else { return }
    let under = self.place(number)
    if underNumber == nil { underNumber = Under(value: under) }
  }

  /// Puts a value where the next one belongs; gives what was there, as with a key that comes twice.
  @discardableResult
  private mutating func place(_ value: JSONValue) -> JSONValue? {
    guard !frames.isEmpty else {
      root = value
      return nil
    }
    let isShown = underNumber != nil
    return withOpen { frame, container in
      isShown ? frame.replace(value, in: &container) : frame.add(value, to: &container)
    }
  }

  /// Changes the innermost array or object that is open, in place.
  private mutating func withOpen<R>(_ body: (inout Frame, inout JSONValue) -> R?) -> R? {
    guard !frames.isEmpty, var tree = root else { return nil }
    // While the value is held twice, changing it would copy it.
    root = nil
    defer { root = tree }
    return Self.withInnermost(of: &tree, &frames, depth: 0, body)
  }

  /// Goes into what is open from a value at some depth.
  private static func withInnermost<R>(
    of value: inout JSONValue, _ frames: inout [Frame], depth: Int,
    _ body: (inout Frame, inout JSONValue) -> R?
  ) -> R? {
    guard depth + 1 < frames.count else { return body(&frames[depth], &value) }
    let last = frames[depth].last
    return frames[depth].isArray
      ? value.withElements { withInnermost(of: &$0[last], &frames, depth: depth + 1, body) } ?? nil
      : value.withMembers {
        withInnermost(of: &$0[last].value, &frames, depth: depth + 1, body)
      } ?? nil
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

  /// What there was in one place before: nil where there was nothing.
  private struct Under: Sendable {
    let value: JSONValue?
  }
}
