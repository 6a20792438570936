internal import Judging
package import Planning

extension TortureCase {
  /// What a client can know on its first attempt.
  package var expect: Plan.Expectation.Outcome { expected.steps.first?.outcome ?? .undetectable }

  /// The faults, as a user writes them, separated by `;`; empty for none.
  package var fault: String { faults.map(\.description).joined(separator: ";") }

  /// What a right client does, as one sentence.
  package var expectation: String {
    guard let first = expected.steps.first else { return "Nobody can tell what a client must do." }
    switch first.outcome {
    case .benign: return "A right client delivers the whole answer."
    case .undetectable:
      return "No client can tell that this is not what was recorded: \(first.why)."
    case .breaking: break
    }
    if isFatal { return "A right client reports the failure and does not try again." }
    let wait = asksToWait ? " no sooner than it is told" : ""
    if expected.steps.count > 1, expected.steps.last?.outcome == .benign {
      return
        "A right client tries again\(wait) and delivers the whole answer, or reports the failure."
    }
    if first.text == expected.whole, first.finish != nil {
      return "A right client delivers the whole answer, reports the failure or tries again."
    }
    return
      "A right client reports the failure or tries again\(wait), and never takes the part for the "
      + "whole."
  }

  /// Whether the answer says that no other try changes it.
  private var isFatal: Bool {
    faults.contains { fault in
      switch fault.name {
      case "status": Self.fatalCodes.contains(fault.arguments.first ?? "")
      case "header": fault.arguments == ["x-should-retry=false"]
      default: false
      }
    }
  }

  private static let fatalCodes: Set = ["400", "401", "403", "404", "413", "422"]

  private var asksToWait: Bool {
    faults.contains { $0.keys.contains { $0.name == "retry-after" } }
  }
}
