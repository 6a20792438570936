internal import LosslessJSON

extension Ending {
  /// Reads the data of an `e` line.
  init(line data: JSONValue, at: Microseconds) throws(CassetteError) {
    var object = try LineObject(data, code: "e")
    guard let how = try object.choice("how", of: How.self) else {
      throw object.error("how is missing")
    }
    let stage = try object.choice("stage", of: Stage.self)
    let detail = try object.string("detail")
    let curlCode = try object.integer("curl")
    self.init(
      how: how, stage: stage, detail: detail, curlCode: curlCode.map { Int(clamping: $0) }, at: at,
      extra: object.rest)
  }

  /// The data of its `e` line.
  var lineData: JSONValue {
    var members: [JSONValue.Member] = []
    members.add("how", how.rawValue)
    members.add("stage", stage?.rawValue)
    members.add("detail", detail)
    if let curlCode { members.append(JSONValue.Member("curl", .number(curlCode))) }
    return .object(members + extra)
  }

  /// Refuses an ending that contradicts what came before it.
  func check(hasHead: Bool) throws(CassetteError) {
    if how == .complete, !hasHead {
      throw CassetteError(.badData, "'e' line: how 'complete' needs an 'h' line before it")
    }
    if how == .unreachable, hasHead {
      throw CassetteError(.badData, "'e' line: how 'unreachable' cannot follow an 'h' line")
    }
  }

  /// The keys that this version knows.
  static let knownKeys: Set<String> = ["how", "stage", "detail", "curl"]
}
