internal import Digests

/// An order of cases of which every beginning is spread over families, faults and recordings.
package struct CaseOrder: Hashable, Sendable {
  /// The seed: the same one gives the same order of the same cases.
  package var seed: UInt64

  /// Creates an order.
  package init(seed: UInt64 = 0) { self.seed = seed }

  /// The cases in that order.
  ///
  /// Families take turns, in each of them its faults, and of a fault the cases come as the seed
  /// draws them. The case without a fault is the first.
  package func spread(_ cases: [TortureCase]) -> [TortureCase] {
    let drawn = cases.indices.map { (draw(cases[$0]), $0) }.sorted(by: <).map { cases[$0.1] }
    let families = Self.grouped(drawn) { $0.family }.map { family in
      Self.interleaved(Self.grouped(family, by: Self.fault).sorted { $0[0].id < $1[0].id })
    }
    let plain = cases.filter { $0.id == CaseTable.plainID }
    let rest = Self.interleaved(families.sorted { $0[0].family < $1[0].family })
    return plain + rest.filter { $0.id != CaseTable.plainID }
  }

  private func draw(_ torture: TortureCase) -> UInt64 {
    var hash = SHA256()
    let label = "\(seed)|\(torture.cassette)|\(torture.exchange)|\(torture.id)"
    hash.update(Array(label.utf8))
    return hash.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The fault that an id tells of: `cut/disconnect`.
  private static func fault(of torture: TortureCase) -> String {
    torture.id.split(separator: "/").prefix(2).joined(separator: "/")
  }

  private static func grouped(
    _ cases: [TortureCase], by key: (TortureCase) -> String
  ) -> [[TortureCase]] {
    Array(Dictionary(grouping: cases, by: key).values)
  }

  /// One of each group in turn, as long as there are any.
  private static func interleaved(_ groups: [[TortureCase]]) -> [TortureCase] {
    var all: [TortureCase] = []
    all.reserveCapacity(groups.reduce(0) { $0 + $1.count })
    var left = groups.map { $0[...] }
    while !left.isEmpty {
      for index in left.indices { all.append(left[index].removeFirst()) }
      left.removeAll { $0.isEmpty }
    }
    return all
  }
}
