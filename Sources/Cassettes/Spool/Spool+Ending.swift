internal import Redaction

// How a recording ends, and comes into its cassette.
extension Spool {
  /// Ends the exchange, adds it to the cassette and removes the file.
  ///
  /// - Parameter ending: How it ended.
  /// - Returns: The exchange as it is in the cassette.
  /// - Throws: Why it could not be added; the file stays, and the error names it.
  package func end(_ ending: Ending) throws(CassetteError) -> Exchange {
    let exchange = try finish(ending)
    try commit()
    return exchange
  }

  /// Ends the exchange, and has it whole in memory: writing is left to `commit`.
  ///
  /// Nothing may be added after it.
  ///
  /// - Parameter ending: How it ended.
  /// - Returns: The exchange, redacted, as it will be in the cassette.
  /// - Throws: An error of kind `badData` where the ending breaks a rule of the format, or is the
  ///   second, or one that names the file where that cannot be read back.
  package func finish(_ ending: Ending) throws(CassetteError) -> Exchange {
    guard file != nil, !isFinished else {
      throw CassetteError(.badData, "ended already", path: path)
    }
    var ending = ending
    if let exceeded {
      ending = Ending(
        how: .cancelled, detail: "\(exceeded) was reached: the rest is left out", at: ending.at)
    }
    ending.detail = ending.detail.map { Redactor.redact(text: $0, by: rules) }
    ending.at = noEarlier(ending.at)
    try ending.check(hasHead: growing.exchange.head != nil)
    growing.end(ending)
    isFinished = true
    let exchange = try whole()
    finished = exchange
    return exchange
  }

  /// What is in memory behind what is in the file.
  private func whole() throws(CassetteError) -> Exchange {
    guard growing.isPartlyGone else { return growing.exchange }
    do throws(CassetteError) {
      var reader = try CassetteReader(
        bytes: file?.contents() ?? [], path: path, limits: .unbounded)
      if let written = try reader.next(), let whole = growing.whole(behind: written) {
        return whole
      }
      throw CassetteError(.system, "does not hold what was written to it", path: path)
    } catch {
      throw keepingFile(error)
    }
  }

  private func keepingFile(_ error: CassetteError) -> CassetteError {
    var error = error
    error.reason += "; the recording is kept in \(path)"
    return error
  }

  /// Adds the finished exchange to the cassette and removes the file.
  ///
  /// - Parameters:
  ///   - superseded: Exchanges of the cassette in whose place it comes; those that are not there
  ///     any more do not matter.
  ///   - replaces: Whether the cassette becomes this exchange alone.
  /// - Throws: Why it could not be added; the file stays, and the error names it. An error of kind
  ///   `badData` before `finish`, and when called again.
  package func commit(
    insteadOf superseded: [Exchange] = [], replacing replaces: Bool = false
  ) throws(CassetteError) {
    guard file != nil, let exchange = finished else {
      throw CassetteError(.badData, "nothing to add to a cassette", path: path)
    }
    // Where the spool cannot be written, what is in memory may still reach the cassette.
    writeEnd()
    do throws(CassetteError) {
      if replaces {
        try CassetteFile.replace(with: exchange, at: target)
      } else {
        try CassetteFile.add(exchange, to: target, insteadOf: superseded)
      }
    } catch {
      file = nil
      throw keepingFile(error)
    }
    discard()
  }

  /// Removes the file and forgets what was recorded.
  package func discard() {
    guard file != nil else { return }
    FileSystem.remove(path)
    file = nil
    finished = nil
  }

  func writeEnd() {
    try? write(growing.takeLastLines())
  }
}
