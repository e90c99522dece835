public import JSON

/// An error reply: a fully qualified name and what the interface declares for it.
public struct VarlinkError: Error, Hashable, Sendable {
  /// Fully qualified: the interface's name, a dot, and the error's.
  public var name: String
  /// What the interface declares for the error.
  public var parameters: JSONObject

  /// - Parameter name: fully qualified.
  public init(_ name: String, _ parameters: JSONObject = [:]) {
    self.name = name
    self.parameters = parameters
  }
}

extension VarlinkError: CustomStringConvertible {
  /// The name, and the parameters as JSON where there are any.
  public var description: String {
    parameters.isEmpty ? name : "\(name) \(JSONValue.object(parameters).text)"
  }
}

/// The errors of `org.varlink.service`, which every service may answer with.
extension VarlinkError {
  /// Takes the name of an interface that the service does not have.
  public static func interfaceNotFound(_ interface: String) -> VarlinkError {
    VarlinkError("org.varlink.service.InterfaceNotFound", ["interface": .string(interface)])
  }

  /// Takes the fully qualified name.
  public static func methodNotFound(_ method: String) -> VarlinkError {
    VarlinkError("org.varlink.service.MethodNotFound", ["method": .string(method)])
  }

  /// Takes the fully qualified name.
  public static func methodNotImplemented(_ method: String) -> VarlinkError {
    VarlinkError("org.varlink.service.MethodNotImplemented", ["method": .string(method)])
  }

  /// For a parameter that is unknown, missing, of the wrong type, or beyond what is allowed.
  public static func invalidParameter(_ parameter: String) -> VarlinkError {
    VarlinkError("org.varlink.service.InvalidParameter", ["parameter": .string(parameter)])
  }

  /// The caller may not call the method.
  public static let permissionDenied = VarlinkError("org.varlink.service.PermissionDenied")
  /// The method must be called with `more`.
  public static let expectedMore = VarlinkError("org.varlink.service.ExpectedMore")
  /// The method must be called with `upgrade`.
  public static let expectedUpgrade = VarlinkError("org.varlink.service.ExpectedUpgrade")
}
