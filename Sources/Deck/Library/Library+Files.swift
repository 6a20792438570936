public import Cassettes
public import Matching

extension Library {
  /// Reads every cassette at the paths; a folder stands for all `.tape` files below it.
  ///
  /// - Throws: where a path is missing, or a cassette cannot be read whole.
  public init(
    paths: [String], comparing comparison: Comparison = Comparison(),
    limits: CassetteLimits = .init()
  ) throws(CassetteError) {
    self.init(comparing: comparison)
    var read: Set<CassettePath.Identity> = []
    var notes: [String] = []
    try load { (add) throws(CassetteError) in
      for path in paths {
        let found = try CassettePath.search(path)
        notes += found.notes
        for file in found.files {
          // Served twice, a recording would answer two attempts.
          if let identity = CassettePath.Identity(of: file.path), !read.insert(identity).inserted {
            continue
          }
          let exchanges = try CassetteReader.readAll(path: file.path, limits: limits)
          add(file, CassettePath.resolved(file.path), exchanges)
        }
      }
    }
    self.notes += notes
  }

  /// Adds a cassette with its exchanges, which are in the order of their places.
  public mutating func add(cassette name: String, _ exchanges: [Exchange], path: String? = nil) {
    let path = path ?? name
    add(cassette: name, exchanges, path: path, resolvedPath: CassettePath.resolved(path))
  }

  /// Reads the cassettes at the paths that are not served yet.
  mutating func addMissing(paths: [String]) throws(CassetteError) {
    for path in paths {
      for file in try CassettePath.search(path).files where cassette(path: file.path) == nil {
        add(cassette: file.name, try CassetteReader.readAll(path: file.path), path: file.path)
      }
    }
  }

  /// The cassette of a file, however its path is written, or nil where it is not served.
  func cassette(path: String) -> Cassette? {
    cassette(resolvedPath: CassettePath.resolved(path))
  }
}
