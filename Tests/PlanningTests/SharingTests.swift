import Cassettes
import Planning
import Testing

@Suite("What a plan depends on is known before it is made")
struct SharingTests {
  private static let exchange: Exchange = {
    var exchange = PlanText.exchange("head@10 | complete@9000")
    for number in 1...12 {
      let text = "event: content_block_delta\ndata: {\"n\":\(number),\"t\":\"é\"}\r\n\r\n"
      exchange.append(chunk: Array(text.utf8), at: Microseconds(saturating: Int64(number) * 100))
    }
    return exchange
  }()

  /// Every fault as its manual shows it, at a place by chance too where it takes one.
  private static let faults = FaultCatalogue.standard.types.flatMap { type in
    let place = type.takes == .nothing || type.example.contains("@") ? [] : ["@random"]
    return [type.example] + place.map { type.example + $0 }
  }

  /// Options that differ in all that chance depends on.
  private static let options = (0..<6).map { number in
    PlanOptions(
      seed: UInt64(number / 2), session: number % 2 == 0 ? "" : "s\(number)", ordinal: number + 1,
      attempt: number % 3 + 1)
  }

  @Test("options that are shared give the same bytes at the same times", arguments: faults)
  func shared(fault: String) throws {
    let planner = Planner()
    var plans: [PlanOptions: [Plan]] = [:]
    for options in Self.options {
      var options = options
      options.faults = [try FaultSpec(parsing: fault)]
      guard let key = planner.shared(options) else { continue }
      guard let plan = try? planner.plan(Self.exchange, options) else { continue }
      plans[key, default: []].append(plan)
    }
    for plans in plans.values {
      #expect(plans.allSatisfy { $0.wire == plans[0].wire && $0.actions == plans[0].actions })
    }
    let isChancy = fault.contains("random") || fault.contains("chaos")
    #expect((plans.count <= 2) == !isChancy, "\(plans.count) plans")
  }

  @Test("a fault that fired, pinned, does the same again and leaves nothing to chance but a seed")
  func pinned() throws {
    let planner = Planner()
    for fault in Self.faults {
      for options in Self.options {
        var options = options
        options.faults = [try FaultSpec(parsing: fault)]
        guard let plan = try? planner.plan(Self.exchange, options) else { continue }
        #expect(plan.faults.count == plan.pinnedFaults.count)
        options.faults = plan.pinnedFaults
        let again = try planner.plan(Self.exchange, options)
        #expect(again.wire == plan.wire && again.actions == plan.actions, "\(fault)")
        let text = plan.pinnedFaults.map(\.description).joined()
        #expect(!text.contains("random") && !text.contains("chaos"))
      }
    }
  }

  @Test("a fault that fired knows the byte before which it did, from 1")
  func bytes() throws {
    let second = Self.exchange.chunks[1].end
    for (fault, byte) in [
      ("reset@byte:7", 7), ("reset@after:byte:7", 8), ("drop@event:1", 1), ("reset@head", nil),
      ("rechunk:4", nil), ("bom", nil), ("status:529", nil), ("reset@after:event:2", second + 1),
    ] as [(String, Int?)] {
      let options = PlanOptions(faults: [try FaultSpec(parsing: fault)])
      #expect(try Planner().plan(Self.exchange, options).firedFaults.map(\.byte) == [byte])
    }
  }

  @Test("the events of a plan end where a client has them whole")
  func eventEnds() throws {
    let line = "head@1 | [data: a\\n\\n]@2 | [: x\\ndata: b]@3 | complete@4"
    #expect(try Planner().plan(PlanText.exchange(line)).eventEnds() == [9])
    let cut = PlanOptions(faults: [try FaultSpec(parsing: "reset@in:event:3")])
    let ends = try Planner().plan(Self.exchange, cut).eventEnds()
    let blocks = Self.exchange.chunks.prefix(2).map(\.end)
    #expect(ends == blocks)
  }
}
