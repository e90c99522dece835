internal import JSON
internal import MusterAPI
internal import Pipeline
internal import Varlink

extension SizeLimit {
  /// That an answer would be larger. Reports have an error of their own for it; the other interfaces one for all limits.
  func failure(of interface: String) -> CallFailure {
    if interface == Reports.interface {
      return Reports.ResultTooLarge(limitBytes: Int64(byteCount), limit: name).ofDaemon
    }
    let reply = VarlinkError(
      "\(interface).LimitReached",
      [
        "limit": .string(name), "value": .integer(Int64(byteCount)),
        "reason": .string("the reply would be larger"),
      ])
    return CallFailure(reply: reply, fault: .daemon)
  }
}
