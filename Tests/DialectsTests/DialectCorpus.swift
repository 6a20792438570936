import Dialects
import EventStream
import LosslessJSON
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Recorded streams of real providers, in a folder outside the package: TAPEDECK_CORPUS.
enum DialectCorpus {
  static let folder = ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"]

  struct Recording: Sendable, CustomTestStringConvertible {
    let file: String
    let provider: String
    let kinds: [Substring]
    /// The path and query of its URI, where that was recorded.
    let target: String?

    var testDescription: String { file }

    /// The dialect that it is in.
    var dialect: String {
      switch provider {
      case "anthropic", "gemini", "openai-chat", "openai-responses": provider
      case "mistral": "openai-chat"
      case "other" where kinds.contains("proto=other-responses"): "openai-responses"
      case "other" where isLikeChat: "openai-chat"
      default: "plain"
      }
    }

    private var isLikeChat: Bool {
      let others = ["proto=openai-other", "mcp-jsonrpc", "host=us-south.ml.cloud.ibm.com"]
      if others.contains(where: { kinds.contains(Substring($0)) }) { return false }
      return !(target ?? "").hasSuffix("/v1/completions")
    }

    /// The events of its body.
    var events: [ServerSentEvent] {
      EventIndex(body: DialectCorpus.bytes(of: file) ?? [], chunkEnds: []).events
    }
  }

  /// The rows of INDEX.tsv, with the URIs of response-headers.json.
  static let recordings: [Recording] = {
    guard let index = bytes(of: "INDEX.tsv"), let heads = bytes(of: "response-headers.json"),
      let answers = try? JSONValue(parsing: heads).elements
    else { return [] }
    var targets: [String: String] = [:]
    for answer in answers {
      if let file = answer["file"]?.text, let uri = answer["uri"]?.text {
        targets[file] = target(of: uri)
      }
    }
    return String(decoding: index, as: UTF8.self).split(separator: "\n").compactMap { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard columns.count > 2, columns[0].hasSuffix(".sse") else { return nil }
      let file = String(columns[0])
      return Recording(
        file: file, provider: String(columns[1]), kinds: columns[2].split(separator: ","),
        target: targets[file])
    }
  }()

  /// What stands behind the host; a recording may have a placeholder for scheme and host.
  private static func target(of uri: String) -> String {
    let rest = uri.split(separator: "://", maxSplits: 1).last ?? ""
    let path = rest.firstIndex(of: "/").map { rest[$0...] } ?? ""
    return String(path.prefix { $0 != "#" })
  }

  static func bytes(of file: String) -> [UInt8]? {
    guard let folder, let data = try? Data(contentsOf: URL(filePath: "\(folder)/\(file)"))
    else { return nil }
    return Array(data)
  }
}
