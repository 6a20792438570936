/// What tells where a repository's tests run.
struct CIClues {
  private let folder: ProjectFolder

  init(_ folder: ProjectFolder) { self.folder = folder }

  /// Where CI runs, and why.
  ///
  /// - Parameter chosen: What was asked for: nil inside where there is to be none.
  /// - Returns: The service, or nil where none is known.
  func service(chosen: CIService??) -> (service: CIService, why: String)? {
    if let chosen {
      let isTop = folder.kind(of: ".git") != .nothing
      let place = isTop ? "" : "; it is read at the top of a repository only, and no .git is here"
      return chosen.map { ($0, "it was asked for with --ci \($0.rawValue)\(place)") }
    }
    if folder.kind(of: ".github") == .folder { return (.github, ".github is here") }
    if folder.kind(of: ".gitlab-ci.yml") != .nothing { return (.gitlab, ".gitlab-ci.yml is here") }
    for service in CIService.allCases {
      guard let remote = remote(of: service) else { continue }
      return (service, "the remote is \(TextForm.excerpt(remote, limit: 100))")
    }
    return nil
  }

  /// The host of a remote of the repository that is at a service. (git-config(1), remote.NAME.url)
  ///
  /// Nothing but the host is said of it: a URL may hold a password.
  private func remote(of service: CIService) -> String? {
    guard let text = folder.text(".git/config") else { return nil }
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, parts[0].filter({ !$0.isWhitespace }) == "url" else { continue }
      var rest = parts[1].drop { $0.isWhitespace }
      if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
      let authority = rest.prefix { $0 != "/" }
      let host = (authority.split(separator: "@").last ?? "").prefix { $0 != ":" }
      let labels = host.lowercased().split(separator: ".")
      if labels.contains(Substring(service.rawValue)) { return "at \(host)" }
    }
    return nil
  }
}
