import Planning

extension Directives {
  /// Adds the faults that `--fault` names, each checked against the catalogue.
  mutating func add(_ faults: [String]) throws {
    try OptionValue.parsed("--fault") {
      for fault in faults { try set("fault=\(fault)") }
      for fault in self.faults ?? [] { _ = try FaultCatalogue.standard.fault(fault) }
    }
  }
}
