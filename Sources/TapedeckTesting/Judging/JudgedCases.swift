internal import Cassettes
internal import Deck
internal import Matching
internal import Torture

/// The cases that a client is judged by.
struct JudgedCases: Sendable {
  /// What is served.
  var library: Library

  /// One case without any fault for each recording, by which it is seen whether the client works.
  var plain: [TortureCase]

  /// The cases.
  var cases: [TortureCase]
}

extension JudgedCases {
  /// The cases of a library.
  ///
  /// - Throws: Where a pattern matches no case, or none is left.
  init(
    of library: Library, matching patterns: [String], excluding excluded: [String],
    readTimeout: Duration?
  ) throws {
    let catalogue = CaseCatalogue(readTimeout: readTimeout.map(Microseconds.init))
    let selection = CaseSelection(
      only: patterns.map { CaseGlob($0) }, excluding: excluded.map { CaseGlob($0) })
    let recordings = library.entries.map {
      CaseRecording($0.exchange, cassette: $0.cassette, number: $0.number)
    }
    let cases: [TortureCase]
    do { cases = try catalogue.cases(of: recordings, choosing: selection) } catch {
      throw TapedeckError("\(error)")
    }
    // A recording that no case is run on need not be right.
    let used = Set(cases.map { "\($0.cassette) \($0.exchange)" })
    let plain = library.entries.filter { used.contains("\($0.cassette) \($0.number)") }
      .compactMap { catalogue.plain(of: $0.exchange, cassette: $0.cassette, number: $0.number) }
    self.init(library: library, plain: plain, cases: cases)
  }

  /// The cassettes of some names, looked up from a file.
  ///
  /// - Throws: Where one is missing, or cannot be read.
  static func library(of names: [String], from file: String) throws -> Library {
    let places = names.map { CassettePlace(named: $0, in: nil, from: file) }
    if let missing = places.first(where: { !$0.exists }) {
      throw TapedeckError("there is no recording \(missing.path)")
    }
    do { return try Library(paths: places.map(\.path)) } catch { throw TapedeckError("\(error)") }
  }

  /// The cases one by one.
  var each: [JudgedCase] {
    cases.map { torture in
      JudgedCase(
        torture, library: library,
        plain: plain.first {
          $0.cassette == torture.cassette && $0.exchange == torture.exchange
        })
    }
  }
}

extension JudgedCase {
  fileprivate init(_ torture: TortureCase, library: Library, plain: TortureCase?) {
    let exchange = torture.exchange > 1 ? "#\(torture.exchange)" : ""
    self.init(
      id: "\(torture.cassette)\(exchange)/\(torture.id)", title: torture.title,
      fault: torture.fault, expectation: torture.expectation, torture: torture, plain: plain,
      library: library)
  }
}

extension Microseconds {
  /// A duration, whole microseconds of it, and at the most what fits.
  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let (whole, isBeyond) = seconds.multipliedReportingOverflow(by: 1_000_000)
    self.init(saturating: isBeyond ? .max : whole &+ attoseconds / 1_000_000_000_000)
  }
}
