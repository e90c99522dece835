internal import Posix

/// Why a call has no reply, or not the one that was hoped for.
public enum ClientError: Error, Hashable, Sendable {
  /// Nobody is to be reached there: `errno` says why.
  case cannotConnect(Address, errno: Int32)
  /// The connection ended before the reply was whole. `errno` is nil when the service closed it in an orderly way.
  case connectionLost(errno: Int32?)
  /// The service sent what is not Varlink. The connection is closed.
  case violation(MessageError)
  /// The service answered with an error. The connection goes on.
  case errorReply(VarlinkError)
  /// No reply within this time. The connection is closed, which cancels the call.
  case timedOut(Duration)
  /// The call was not sent, for what it holds.
  case unsendable(UnsendableValue)
}

extension ClientError: CustomStringConvertible {
  /// The message, with the system's words where a call of it failed.
  public var description: String {
    switch self {
    case .cannotConnect(let address, let code): "cannot connect to \(address): \(errorText(code))"
    case .connectionLost(nil): "the service closed the connection without an answer"
    case .connectionLost(let code?): "the connection to the service was lost: \(errorText(code))"
    case .violation(let error): "the service does not speak Varlink: \(error)"
    case .errorReply(let error): "the service answered with the error \(error)"
    case .timedOut(let time): "no answer within \(time)"
    case .unsendable(let value): value.description
    }
  }
}
