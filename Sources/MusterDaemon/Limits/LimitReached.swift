internal import Pipeline
internal import YAML

/// A limit of the configuration keeps a call from what it asks for. Each interface has an error for it.
struct LimitReached: Error, Hashable, Sendable {
  /// The key of the limit, such as `limits.call_timeout`.
  let limit: String
  /// What it is set to: a number, bytes, or microseconds.
  let value: Int64
  let reason: String

  init(_ key: Configuration.Limits.Key<Int>, of limits: Configuration.Limits, reason: String) {
    limit = key.qualifiedName
    value = Int64(limits[keyPath: key.path])
    self.reason = reason
  }

  init(_ key: Configuration.Limits.Key<Duration>, of limits: Configuration.Limits, reason: String) {
    limit = key.qualifiedName
    value = limits[keyPath: key.path].microseconds
    self.reason = reason
  }
}

extension Duration {
  /// Rounded down.
  var microseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
  }
}
