internal import Torture

/// Takes what a client hands to whoever asked, as it comes.
///
/// ```swift
/// try await judge(cassettes: "greeting") { baseURL, emit in
///   for try await piece in Client(baseURL: baseURL).stream("Hi") { emit(piece) }
/// }
/// ```
///
/// What was emitted before an error counts as delivered. Of one case up to 4 MiB are kept.
public struct TextDelivery: Sendable {
  private let delivery: TaskDelivery

  init(_ delivery: TaskDelivery) { self.delivery = delivery }

  /// Takes a piece of the text.
  ///
  /// - Parameter text: The piece, behind those before it.
  public func callAsFunction(_ text: String) { delivery.add(text) }

  /// Takes the reason for the end of the answer that the client gives its caller, in the API's
  /// word.
  ///
  /// A client that says how an answer ended where the stream did not say so is wrong.
  ///
  /// - Parameter reason: The reason, such as `end_turn` or `stop`.
  public func finish(_ reason: String) { delivery.set(finish: reason) }
}
