import Cassettes
import Testing

@testable import Planning

@Suite("A fault is found by what people call it")
struct FaultNameTests {
  static let catalogue = FaultCatalogue.standard

  @Test("each fault of the catalogue says what one sees of it, in lower case")
  func symptoms() throws {
    for type in Self.catalogue.types {
      #expect(!type.symptoms.isEmpty, "\(type.name)")
      for symptom in type.symptoms {
        #expect(symptom.name == type.name)
        let fault = try Self.catalogue.fault(FaultSpec(parsing: symptom.fault))
        #expect(Swift.type(of: fault).name == symptom.name)
        #expect(symptom.words.allSatisfy { $0 == $0.lowercased() }, "\(symptom.title)")
      }
    }
  }

  @Test(
    "an unknown name is answered with a fault that may have been meant",
    arguments: [
      ("timeout", "fault=hang@head"), ("rst@event:7,on=2", "fault=reset@event:7,on=2"),
      ("429", "fault=status:429,retry-after=1s,on=1"), ("418,on=3", "fault=status:418,on=3"),
      ("RESET", "fault=reset@event:12,on=1"), ("slow", "fault=stall:30s@head"),
      ("drop-terminall", "fault=drop-terminal"), ("truncate@head", "fault=disconnect@head"),
      ("framing-length", nil), ("xyzzy", nil), ("nonesuch", nil),
    ] as [(String, String?)])
  func meant(text: String, expected: String?) throws {
    let spec = try FaultSpec(parsing: text)
    let error = #expect(throws: DirectiveError.self) { try Self.catalogue.fault(spec) }
    if let expected { #expect(error?.correction?.meant == expected) }
    #expect(error?.reason.hasPrefix("there is no fault '\(spec.name)': ") == true)
  }

  @Test("a query of any length costs no more than its beginning")
  func bounded() {
    #expect(Self.catalogue.symptoms(of: String(repeating: "x ", count: 1_000_000)).isEmpty)
    #expect(Self.catalogue.symptoms(of: " - ").isEmpty)
  }
}

@Suite("Faults that can never be had together are found before anything is served")
struct EarlyContradictionTests {
  static let exchange = PlanText.exchange("head@10 | [abcdef]@20 | [ghijkl]@30 | complete@40")

  @Test(
    "two faults contradict each other on an attempt on which both fire",
    arguments: [
      (["status:529", "body:html"], true), (["status:529,on=1", "body:html,on=2"], false),
      (["status:529,on=1-2", "body:html,on=2"], true), (["reset@byte:3", "hang@byte:5"], true),
      (["reset@byte:5", "stall:1s@byte:9"], true), (["stall:1s@byte:3", "reset@byte:5"], false),
      (["chaos:1", "reset@byte:3"], false), (["reset@byte:99", "hang@byte:98"], false),
      (["reset"], false), ([], false),
    ] as [([String], Bool)])
  func contradiction(texts: [String], isFound: Bool) throws {
    let faults = try texts.map { try FaultSpec(parsing: $0) }
    let error = try Planner().contradiction(among: faults, on: [Self.exchange])
    #expect((error != nil) == isFound)
    if let error { #expect(faults.allSatisfy { error.reason.contains("\($0)") }) }
  }

  @Test("what one recording allows is no contradiction")
  func anywhere() throws {
    let long = PlanText.exchange("head@10 | [abcdefghijklmnopqrstuvwx]@20 | complete@40")
    let faults = try ["reset@frac:0.5", "stall:1s@byte:8"].map { try FaultSpec(parsing: $0) }
    #expect(try Planner().contradiction(among: faults, on: [Self.exchange]) != nil)
    #expect(try Planner().contradiction(among: faults, on: [long]) == nil)
    #expect(try Planner().contradiction(among: faults, on: [Self.exchange, long]) == nil)
  }
}
