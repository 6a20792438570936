import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// What of an answer has come.
enum Arrival: Sendable {
  case head(HTTPURLResponse)
  case bytes(Data)
}

/// An answer as it comes, by a delegate: `URLSession.bytes` is on Apple's systems only.
final class HTTPStream: NSObject, URLSessionDataDelegate {
  private let continuation: AsyncThrowingStream<Arrival, any Error>.Continuation

  private init(_ continuation: AsyncThrowingStream<Arrival, any Error>.Continuation) {
    self.continuation = continuation
  }

  /// Sends a request; who stops reading the answer ends it.
  static func open(_ request: URLRequest) -> AsyncThrowingStream<Arrival, any Error> {
    AsyncThrowingStream { continuation in
      let session = URLSession(
        configuration: .ephemeral, delegate: HTTPStream(continuation), delegateQueue: nil)
      session.dataTask(with: request).resume()
      continuation.onTermination = { _ in session.invalidateAndCancel() }
    }
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    if let response = response as? HTTPURLResponse { continuation.yield(.head(response)) }
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    continuation.yield(.bytes(data))
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    continuation.finish(throwing: error)
  }
}
