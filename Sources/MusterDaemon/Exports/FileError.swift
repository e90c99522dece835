internal import Glibc

/// A file or a folder could not be used as it must be.
struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was tried, such as `cannot write blocs.csv`.
  var attempt: String
  /// Why it went wrong.
  var reason: String
  /// 0 where no system call failed.
  var code: Int32 = 0

  init(_ attempt: String, reason: String) {
    (self.attempt, self.reason) = (attempt, reason)
  }

  /// Of the system call that has just failed.
  init(_ attempt: String, code: Int32 = errno) {
    (self.attempt, self.code) = (attempt, code)
    reason = String(cString: strerror(code))
  }

  var description: String { "\(attempt): \(reason)" }
}
