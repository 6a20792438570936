package import Cassettes
internal import Dialects
internal import Judging
internal import Planning

/// All cases that a recording gives: a pure value, the same for the same recording.
///
/// ```
/// exchange ─▶ CaseScene ─▶ CaseTable × places ─▶ outlines ─▶ Planner ─▶ cases with expectations
/// ```
package struct CaseCatalogue: Hashable, Sendable {
  /// Which places cases are made for.
  package var places: CasePlaces

  /// How long pauses are.
  package var timing: CaseTiming

  /// The most cases that are made of one recording: with every byte as a place, a large one would
  /// give more than anybody can run.
  package static let caseLimit = 200_000

  /// Creates a catalogue.
  ///
  /// - Parameters:
  ///   - places: Which places cases are made for.
  ///   - readTimeout: How long the client waits for more bytes; where it is not known, there are no
  ///     cases that exceed it.
  ///   - timeScale: By how much pauses are longer than they would be.
  package init(
    places: CasePlaces = .telling, readTimeout: Microseconds? = nil, timeScale: Double = 1
  ) {
    self.places = places
    timing = CaseTiming(readTimeout: readTimeout, scale: timeScale)
  }

  /// The cases of a recording.
  ///
  /// What contradicts itself, and what the recording has nothing for, gives no case.
  ///
  /// - Parameters:
  ///   - exchange: The recording.
  ///   - cassette: The cassette, as the directive `cassette` names it.
  ///   - number: The exchange in it, from 1.
  ///   - isChosen: Whether a case of an id is wanted; only those are planned.
  /// - Returns: The cases, each id once, in an order that does not change.
  package func cases(
    of exchange: Exchange, cassette: String, number: Int,
    where isChosen: (String) -> Bool = { _ in true }
  ) -> [TortureCase] {
    let recording = CaseRecording(exchange, cassette: cassette, number: number)
    return outlines(of: recording, where: isChosen).compactMap { recording.planned($0) }
  }

  /// The case without any fault, by which a run looks whether it works at all.
  package func plain(of exchange: Exchange, cassette: String, number: Int) -> TortureCase? {
    cases(of: exchange, cassette: cassette, number: number) { $0 == CaseTable.plainID }.first
  }

  /// The cases of a recording before they are planned: a few of them may be no cases.
  package func outlines(
    of recording: CaseRecording, where isChosen: (String) -> Bool = { _ in true }
  ) -> [CaseOutline] {
    let table = CaseTable(dialect: recording.scene.recorded.dialect.name, timing: timing)
    return recording.scene.outlines(of: table, places, where: isChosen)
  }
}
