import Dialects
import EventStream
import Testing

@Suite struct DialectCatalogueTests {
  @Test("an exchange of which nothing is known is plain")
  func plain() {
    #expect(DialectCatalogue.standard.dialect(for: DialectEvidence(target: "/")).name == "plain")
  }
}
