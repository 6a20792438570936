extension RandomAccessCollection {
  /// The index of the first element behind a boundary, found by halving.
  ///
  /// - Parameter isBehind: Whether an element is behind the boundary; all that follow one that is
  ///   are so too.
  /// - Returns: The end index where none is.
  func firstIndex(behind isBehind: (Element) -> Bool) -> Index {
    var (start, count) = (startIndex, self.count)
    while count > 0 {
      let middle = index(start, offsetBy: count / 2)
      if isBehind(self[middle]) {
        count /= 2
      } else {
        start = index(after: middle)
        count -= count / 2 + 1
      }
    }
    return start
  }
}
