internal import JSON
internal import Varlink

/// A limit of the configuration keeps a call from what it asks for. Each interface has an error for it.
struct LimitReached: Error, Hashable, Sendable {
  /// The key of the limit, such as `limits.call_timeout`.
  var limit: String
  /// What it is set to: a number, bytes, or microseconds.
  var value: Int64
  var reason: String

  func error(of interface: String) -> VarlinkError {
    VarlinkError(
      "\(interface).LimitReached",
      ["limit": .string(limit), "value": .integer(value), "reason": .string(reason)])
  }
}
