import Planning
import Testing

@testable import Deck

@Suite("Upstreams")
struct UpstreamsTests {
  private func table(_ routes: String...) throws -> Upstreams {
    var upstreams = Upstreams()
    for route in routes { try upstreams.add(parsing: route) }
    return upstreams
  }

  @Test(
    "one URL takes every path, query included, behind its own path",
    arguments: [
      ("http://h", "/v1/messages?beta=true", "http://h/v1/messages?beta=true"),
      ("http://h/", "/v1/messages", "http://h/v1/messages"),
      ("https://h:8443/base/", "/v1/messages", "https://h:8443/base/v1/messages"),
      ("http://h/base", "/", "http://h/base/"),
      ("http://u:p@h/base", "/?q", "http://u:p@h/base/?q"),
    ])
  func oneURL(route: String, target: String, url: String) throws {
    #expect(try table(route).url(for: target) == url)
  }

  @Test(
    "a path of the base URL that the client's begins with is not there twice",
    arguments: [
      ("http://h/v1", "/v1/chat/completions", "http://h/v1/chat/completions"),
      ("http://h/v1", "/v10/chat", "http://h/v1/v10/chat"),
      ("http://h/v1", "/v1?x", "http://h/v1?x"),
      ("/v1=http://h/v1", "/v1/models", "http://h/v1/models"),
    ])
  func noDoubling(route: String, target: String, url: String) throws {
    #expect(try table(route).url(for: target) == url)
  }

  @Test("the longest prefix of whole segments wins, in whatever order they were given")
  func longestPrefix() throws {
    let routes = ["/v1=http://b", "/v1/messages=http://a", "http://c"]
    for order in [routes, routes.reversed()] {
      var upstreams = Upstreams()
      for route in order { try upstreams.add(parsing: route) }
      #expect(upstreams.url(for: "/v1/messages") == "http://a/v1/messages")
      #expect(upstreams.url(for: "/v1/messages/batches?x=1") == "http://a/v1/messages/batches?x=1")
      #expect(upstreams.url(for: "/v1/messages2") == "http://b/v1/messages2")
      #expect(upstreams.url(for: "/v1?x") == "http://b/v1?x")
      #expect(upstreams.url(for: "/v2") == "http://c/v2")
    }
  }

  @Test("a path without a route goes nowhere")
  func noRoute() throws {
    #expect(try table("/v1=http://b").url(for: "/v2/x") == nil)
    #expect(Upstreams().url(for: "/") == nil)
  }

  @Test(
    "what is no route is refused, with what to write",
    arguments: [
      ("api.example.com", "write https://api.example.com"), ("ftp://h", "not an http or https URL"),
      ("/v1", "write /PREFIX=URL"), ("http://", "scheme, host and path only"),
      ("http://h?x", "scheme, host and path only"), ("http://h/#f", "scheme, host and path only"),
      ("/v1=http://h h", "scheme, host and path only"),
      ("http:///v1", "scheme, host and path only"),
    ])
  func refused(text: String, advice: String) {
    var upstreams = Upstreams()
    let error = #expect(throws: DirectiveError.self) { try upstreams.add(parsing: text) }
    #expect(error?.description.contains(advice) == true)
  }

  @Test("a second route for the same paths is refused")
  func twice() throws {
    #expect(throws: DirectiveError.self) { try table("http://a", "http://b") }
    #expect(throws: DirectiveError.self) { try table("/v1=http://a", "/v1/=http://b") }
  }
}

@Suite("Where recordings go")
struct RecordTargetTests {
  @Test(
    "a session's name is safe as a file's",
    arguments: [
      ("t1", "t1"), ("a/b", "a%2Fb"), ("..", "%2E%2E"), ("test[x-1]:y", "test%5Bx-1%5D%3Ay"),
      ("A_z-09", "A_z-09"),
    ])
  func fileNames(session: String, name: String) {
    #expect(RecordTarget.folder("dir").cassette(of: session).path == "dir/\(name).tape")
  }

  @Test("a file takes every session")
  func file() {
    let target = RecordTarget(path: "some/where/x.tape")
    #expect(target == .file("some/where/x.tape"))
    #expect(target.cassette(of: "t1").name == "x")
    #expect(target.cassette(of: "").path == "some/where/x.tape")
  }

  @Test("a name without .tape, or with a slash at its end, is a folder")
  func folder() {
    #expect(RecordTarget(path: "not/there") == .folder("not/there"))
    #expect(RecordTarget(path: "not/there.tape/").isFolder == true)
    #expect(RecordTarget(path: "/").cassette(of: "").path == "/default.tape")
  }
}
