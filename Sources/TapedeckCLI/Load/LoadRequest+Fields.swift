import HTTP
import Loading

extension LoadRequest {
  /// The request with some fields in the place of those with their names: a key in the place of
  /// what a recording has of one.
  func replacing(_ fields: [HeaderField]) -> LoadRequest {
    let names = Set(fields.map { $0.name.lowercased() })
    var request = self
    request.headers.removeAll { names.contains($0.name.lowercased()) }
    request.headers += fields
    return request
  }
}
