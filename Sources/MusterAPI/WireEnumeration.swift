public import JSON

/// An enum of an interface. A value that only a newer version of the interface has is kept as it came, so that it can be
/// shown and sent on.
public protocol WireEnumeration: RawRepresentable<String>, Codable, Hashable, JSONWritable, Sendable,
  CustomStringConvertible
{
  /// The values that the interface declares, in its order.
  static var known: [Self] { get }
  /// A value that the interface does not declare.
  static func unknown(_ value: String) -> Self
}

extension WireEnumeration {
  /// The value of that name on the wire. It never fails.
  public init(rawValue: String) {
    self = Self.known.first { $0.rawValue == rawValue } ?? .unknown(rawValue)
  }

  /// The value as it is on the wire.
  public var description: String { rawValue }

  /// The value's name as a text.
  public func appendJSON(to bytes: inout [UInt8]) { rawValue.appendJSON(to: &bytes) }
}
