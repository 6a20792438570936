/// The templates, which stand in files; nothing of them is read before the first page is made.
package enum PageTemplate {
  /// The templates by name.
  package static let all: [String: Template] = sources.compactMapValues { bytes in
    // The suite reads every template, so that none is missing here.
    try? Template(String(decoding: bytes, as: UTF8.self))
  }

  /// The texts of the templates by name.
  package static let sources: [String: [UInt8]] = [
    "page": PackageResources.page_mustache, "torture": PackageResources.torture_mustache,
    "case": PackageResources.case_mustache, "streams": PackageResources.streams_mustache,
    "stream": PackageResources.stream_mustache, "plan": PackageResources.plan_mustache,
    "live": PackageResources.live_mustache, "load": PackageResources.load_mustache,
  ]

  /// What pictures look like, for one that stands alone.
  static let pictureStyle = String(decoding: PackageResources.picture_css, as: UTF8.self)

  private static let pageStyle = String(decoding: PackageResources.page_css, as: UTF8.self)

  /// Renders a part of a page.
  static func part(_ name: String, _ fields: PageFields) -> String {
    all[name]?.rendered(fields.value, partials: all) ?? ""
  }

  /// Renders a page around its content.
  ///
  /// - Parameters:
  ///   - title: What a browser calls it.
  ///   - content: What stands on it, as markup.
  ///   - refresh: After how many seconds a browser asks for it again, or nil for never.
  /// - Returns: The page.
  static func page(title: String, content: String, refresh: Int? = nil) -> String {
    var fields = PageFields()
    fields.set("title", text: title, limit: 200)
    fields.set("style", markup: pageStyle + pictureStyle)
    fields.set("content", markup: content)
    if let refresh { fields.set("refresh", text: "\(refresh)") }
    return part("page", fields)
  }
}
