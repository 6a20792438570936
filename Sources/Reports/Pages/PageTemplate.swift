internal import Mustache

/// A page whose template stands in a file; nothing of it is read before the first page is made.
enum PageTemplate {
  private static let library: MustacheLibrary = {
    var library = MustacheLibrary()
    for (name, bytes) in sources {
      // The suite renders every template, so that none fails here.
      try? library.register(String(decoding: bytes, as: UTF8.self), named: name)
    }
    return library
  }()

  /// The templates by name.
  static var sources: [(name: String, bytes: [UInt8])] {
    [
      ("page", PackageResources.page_mustache), ("torture", PackageResources.torture_mustache),
      ("case", PackageResources.case_mustache),
    ]
  }

  /// What pictures look like, for one that stands alone.
  static let pictureStyle = String(decoding: PackageResources.picture_css, as: UTF8.self)

  private static let pageStyle = String(decoding: PackageResources.page_css, as: UTF8.self)

  /// Renders a part of a page.
  static func part(_ name: String, _ fields: PageFields) -> String {
    library.render(fields.values, withTemplate: name) ?? ""
  }

  /// Renders a page around its content.
  ///
  /// - Parameters:
  ///   - title: What a browser calls it.
  ///   - content: What stands on it, as markup.
  ///   - refresh: After how many seconds a browser asks for it again, or nil for never.
  static func page(title: String, content: String, refresh: Int? = nil) -> String {
    var fields = PageFields()
    fields.set("title", text: title, limit: 200)
    fields.set("style", markup: pageStyle + pictureStyle)
    fields.set("content", markup: content)
    if let refresh { fields.set("refresh", text: "\(refresh)") }
    return part("page", fields)
  }
}
