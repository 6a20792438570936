package import Planning

extension CaseRecording {
  /// The case of faults that a user names, of the family `fault`.
  ///
  /// - Parameter faults: The faults, which one answer has together.
  /// - Returns: The case, with what a right client does.
  /// - Throws: where the recording has nothing for them, or they contradict each other.
  package func ownCase(_ faults: [FaultSpec]) throws(DirectiveError) -> TortureCase {
    let directives = faults.map(\.description)
    let outline = CaseOutline(
      id: "fault/\(directives.joined(separator: ";"))", kind: "fault",
      title: "The faults that were asked for: \(directives.joined(separator: " and "))",
      clause: "", directives: directives, excuse: nil)
    if let planned = planned(outline) { return planned }
    // The planner says why.
    let options = PlanOptions(pace: .instant, faults: faults, demandsFaults: true)
    _ = try Planner().plan(scene.recorded.exchange, options)
    throw DirectiveError("the faults cannot be had on this recording")
  }
}
