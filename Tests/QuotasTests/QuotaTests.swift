import Quotas
import Testing

struct QuotaTests {
  @Test func kindsHaveTheNamesOfTheFlags() {
    #expect(Quota.Kind.allCases.map(\.rawValue) == ["requests", "input-tokens", "output-tokens"])
  }
}
