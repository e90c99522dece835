internal import JSON
internal import MusterAPI
internal import Pipeline
internal import Varlink

/// An error to reply with, and whose matter it is.
struct CallFailure: Error {
  enum Fault: Hashable, Sendable {
    /// The caller asked for what there is not, or for what cannot be.
    case caller
    /// Something that whoever looks after the daemon may want to know.
    case daemon
  }

  let reply: VarlinkError
  let fault: Fault
}

extension VarlinkError {
  /// Bytes of the reply, with its NUL.
  var byteCount: Int { (try? Reply(self).encoded().count) ?? 0 }
}

extension ServiceError {
  /// The error of whoever called.
  var ofCaller: CallFailure { CallFailure(reply: varlinkError, fault: .caller) }
  /// The error of what is served.
  var ofDaemon: CallFailure { CallFailure(reply: varlinkError, fault: .daemon) }
}

extension LimitReached {
  /// Each interface has an error for it.
  func error(of interface: String) -> VarlinkError {
    VarlinkError(
      "\(interface).LimitReached",
      ["limit": .string(limit), "value": .integer(value), "reason": .string(reason)])
  }
}
