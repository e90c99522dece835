public import YAML

/// A limit of the configuration keeps a call from what it asks for.
public struct LimitReached: Error, Hashable, Sendable {
  /// The key of the limit, such as `limits.call_timeout`.
  public let limit: String
  /// What it is set to: a number, bytes, or microseconds.
  public let value: Int64
  /// What happened, for people.
  public let reason: String

  /// A number or a size that is used up.
  public init(_ key: Configuration.Limits.Key<Int>, of limits: Configuration.Limits, reason: String) {
    limit = key.qualifiedName
    value = Int64(limits[keyPath: key.path])
    self.reason = reason
  }

  /// A time that is over.
  public init(_ key: Configuration.Limits.Key<Duration>, of limits: Configuration.Limits, reason: String) {
    limit = key.qualifiedName
    value = limits[keyPath: key.path].microseconds
    self.reason = reason
  }
}

extension Duration {
  /// Rounded down.
  fileprivate var microseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
  }
}
