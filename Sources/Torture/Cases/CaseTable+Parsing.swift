extension CaseTable {
  /// Streams that are written in another way and mean the same.
  static func parsing(_ pages: ProviderPages) -> [CaseKind] {
    let clause = CaseClause.interpretation
    return [
      CaseKind(
        plainID, title: "The answer as it was recorded",
        clause: "\(CaseClause.grammar); \(pages.streaming)"),
      CaseKind(
        "parse/newline/crlf", "newline:crlf", title: "Lines end with CR LF",
        clause: CaseClause.grammar),
      CaseKind(
        "parse/newline/cr", "newline:cr", title: "Lines end with CR", clause: CaseClause.grammar),
      CaseKind(
        "parse/newline/mixed", "newline:mixed", title: "Lines end with LF, CR LF and CR in turn",
        clause: CaseClause.grammar),
      CaseKind(
        "parse/newline/cr-split", "newline:cr", "rechunk:1",
        title: "Lines end with CR, and every byte comes alone", clause: CaseClause.grammar),
      CaseKind(
        "parse/bom", "bom", title: "A byte order mark comes before the first event",
        clause: clause),
      CaseKind(
        "parse/bom/split", "bom", "rechunk:1",
        title: "A byte order mark comes byte by byte", clause: clause),
      CaseKind(
        "parse/no-space", "no-space", title: "No space follows the colons", clause: clause),
      CaseKind(
        "parse/split-data", "split-data", title: "The data of each event is on two data lines",
        clause: clause),
      CaseKind(
        "parse/comment", "comment", title: "A comment comes before each event", clause: clause),
      CaseKind(
        "parse/fields", "fields",
        title: "The fields id and retry, and an unknown one, come before each event",
        clause: clause),
      CaseKind(
        "parse/big", "big:64KiB@*", takes: .events(.sample),
        title: "A comment of 64 KiB comes {at}", clause: clause),
      CaseKind(
        "parse/big/megabyte", "big:1MiB@*", takes: .events(.one),
        title: "A comment of 1 MiB comes {at}", clause: clause),
      CaseKind(
        "parse/unknown", "unknown@*", takes: .events(.few),
        title: "An event of an unknown type comes {at}", clause: pages.additions),
      CaseKind(
        "parse/ping", "ping@*", takes: .events(.few),
        title: "A keep-alive comes {at}",
        clause: "\(CaseClause.keepAlive); \(pages.streaming)"),
      CaseKind(
        "parse/trailing", "trailing:100B",
        title: "100 bytes that are no event follow the last event", clause: clause),
    ]
  }

  /// Answers that are cut, coded or framed in another way and bring the same.
  static func shapes(_ pages: ProviderPages) -> [CaseKind] {
    pieces + [
      CaseKind(
        "parse/gzip", "gzip", title: "The body is compressed with gzip",
        clause: CaseClause.contentCoding,
        excuse: "the body is compressed, and a client that did not ask for that may refuse it"),
      CaseKind(
        "parse/framing/eof", "framing:eof", title: "The body ends with the connection",
        clause: CaseClause.bodyLength),
      CaseKind(
        "parse/framing/length", "framing:length", title: "The body has a Content-Length",
        clause: CaseClause.bodyLength),
      CaseKind(
        "parse/interim", "interim", title: "Answers with status 100 and 103 come before the answer",
        clause: CaseClause.interim),
      CaseKind(
        "parse/header/unknown", "header:x-tapedeck=1", title: "The answer has an unknown header",
        clause: CaseClause.unknownFields),
      CaseKind(
        "parse/header/parameter",
        "header:content-type=Text%2FEvent-Stream%3Bcharset%3DUTF-8",
        title: "The content type has a parameter, and other letters in upper case",
        clause: CaseClause.contentTypeParameters, need: .eventStream),
    ]
  }

  /// The same bytes in other chunks.
  private static var pieces: [CaseKind] {
    let clause = CaseClause.chunks
    return [
      CaseKind("parse/rechunk/1", "rechunk:1", title: "Every byte comes alone", clause: clause),
      CaseKind(
        "parse/rechunk/2", "rechunk:2", title: "The body comes in chunks of 2 bytes",
        clause: clause),
      CaseKind(
        "parse/rechunk/7", "rechunk:7", title: "The body comes in chunks of 7 bytes",
        clause: clause),
      CaseKind(
        "parse/rechunk/random", "rechunk:random",
        title: "The body comes in chunks of random sizes", clause: clause),
      CaseKind(
        "parse/rechunk/utf8", "rechunk:utf8",
        title: "A chunk ends inside every multibyte character",
        clause: "\(clause); \(CaseClause.utf8)", need: .multibyteCharacters),
      CaseKind(
        "parse/rechunk/crlf", "newline:crlf", "rechunk:crlf",
        title: "Lines end with CR LF, and a chunk ends inside each of these",
        clause: "\(clause); \(CaseClause.grammar)"),
      CaseKind(
        "parse/coalesce/4", "coalesce:4", title: "Four chunks come as one", clause: clause),
      CaseKind(
        "parse/coalesce/all", "coalesce:1000000", title: "The whole body comes as one chunk",
        clause: clause),
    ]
  }
}
