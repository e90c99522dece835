/// Why a command ends without its result.
struct Failure: Error {
  var status: ExitStatus
  /// One line of the form "what: where; what to do".
  var message: String
  /// What there is to list, one line each.
  var details: [String] = []
}

/// Whoever read the output wants no more of it, which is no failure.
struct BrokenPipe: Error {}

extension String {
  /// The advice behind what is said already, which may end with a question.
  func advising(_ advice: String) -> String { self + (hasSuffix("?") ? " " : "; ") + advice }
}

extension Failure {
  /// The lines for standard error.
  var lines: [String] { ["muster: \(printable(message))"] + details.map(printable) }
}
