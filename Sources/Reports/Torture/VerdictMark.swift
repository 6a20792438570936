internal import Judging

/// How a verdict looks: a letter and a shape, so that nobody needs the colours.
struct VerdictMark {
  /// The letter or sign.
  var sign: String
  /// Its class in `page.css`: `r` right, `w` wrong content, `k` wrong conduct, `n` neither.
  var style: String

  /// The mark of a verdict, by its word.
  init(_ verdict: String) {
    if let content = ContentVerdict(rawValue: verdict) {
      self.init(content)
    } else if let conduct = ConductVerdict(rawValue: verdict) {
      self.init(conduct)
    } else {
      self.init(sign: "?", style: "n")
    }
  }

  private init(sign: String, style: String) {
    self.sign = sign
    self.style = style
  }

  private init(_ verdict: ContentVerdict) {
    switch verdict {
    case .ok: self.init(sign: "✓", style: "r")
    case .recovered: self.init(sign: "↻", style: "r")
    case .reported: self.init(sign: "!", style: "r")
    case .silentTruncation: self.init(sign: "T", style: "w")
    case .corrupted: self.init(sign: "C", style: "w")
    case .repeated: self.init(sign: "R", style: "w")
    case .invented: self.init(sign: "I", style: "w")
    case .hang: self.init(sign: "H", style: "w")
    case .crash: self.init(sign: "X", style: "w")
    case .gaveUp: self.init(sign: "G", style: "w")
    case .unknown: self.init(sign: "?", style: "n")
    case .harnessError: self.init(sign: "–", style: "n")
    }
  }

  private init(_ verdict: ConductVerdict) {
    switch verdict {
    case .ok: self.init(sign: "✓", style: "r")
    case .retryTooSoon: self.init(sign: "E", style: "k")
    case .retryStorm: self.init(sign: "S", style: "k")
    case .retriedFatal: self.init(sign: "F", style: "k")
    case .leftOpen: self.init(sign: "O", style: "k")
    case .retriedAfterContent: self.init(sign: "A", style: "n")
    }
  }

  /// The mark as a badge.
  var badge: String { "<span class=\"mark \(style)\" aria-hidden=\"true\">\(sign)</span>" }
}
