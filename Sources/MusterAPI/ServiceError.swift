internal import JSON
public import Varlink

/// The errors that the daemon answers with, built by the one end and recognised by the other.
///
/// Each is a Codable struct with the fields that its interface declares, and knows its name.
public protocol ServiceError: Codable, Hashable, Sendable, Error {
  /// The fully qualified name.
  static var name: String { get }
}

extension ServiceError {
  /// The error as a reply.
  public var varlinkError: VarlinkError {
    // Structs of strings, integers and lists always encode.
    let parameters = (try? JSONValue(encoding: self))?.objectValue
    return VarlinkError(Self.name, parameters ?? [:])
  }

  /// The error that a reply carries; nil when it carries another one, or lacks a field.
  public init?(_ error: VarlinkError) {
    guard error.name == Self.name, let decoded = try? JSONValue.object(error.parameters).decode(Self.self) else {
      return nil
    }
    self = decoded
  }
}
