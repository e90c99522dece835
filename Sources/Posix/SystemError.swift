internal import Glibc
internal import SystemPackage

/// The system's words for an error number, such as "No such file or directory".
package func errorText(_ code: Int32) -> String { Errno(rawValue: code).description }

/// A system call that failed, or what it was asked for is not what it must be.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What could not be done, as it follows "cannot": `write blocs.csv`. Empty where whoever catches this knows it.
  package var task: String
  /// Why, in words.
  package var reason: String
  /// The error number; 0 where no call failed.
  package var code: Int32

  /// By default of the call that has just failed.
  package init(_ task: String = "", code: Int32 = errno) {
    (self.task, self.code) = (task, code)
    reason = errorText(code)
  }

  package init(_ task: String, reason: String) {
    (self.task, self.reason, code) = (task, reason, 0)
  }

  package var description: String { task.isEmpty ? reason : "cannot \(task): \(reason)" }
}
