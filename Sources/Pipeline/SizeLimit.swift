public import YAML

/// A bound of what an answer may have in bytes: the one check of size, whoever asks and whatever is sent.
public struct SizeLimit: Hashable, Sendable {
  /// As errors name it, such as `limits.reply_size`.
  public let name: String
  /// The most that is allowed.
  public let byteCount: Int

  /// - Parameter key: the limit, such as `.replySize`.
  public init(_ key: Configuration.Limits.Key<Int>, of limits: Configuration.Limits) {
    name = key.qualifiedName
    byteCount = limits[keyPath: key.path]
  }

  /// - Parameter count: bytes.
  public func check(_ count: Int) throws(SizeLimitExceeded) {
    if count > byteCount { throw SizeLimitExceeded(limit: self) }
  }
}

/// An answer would have more bytes than it may.
public struct SizeLimitExceeded: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was exceeded.
  public var limit: SizeLimit

  /// The message, which names the limit and its key.
  public var description: String {
    "the result is larger than the \(limit.byteCount) bytes that \(limit.name) allows"
  }
}
