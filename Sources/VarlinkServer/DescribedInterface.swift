public import JSON
public import Varlink

/// An interface whose description says what it is called, which methods it has and what they take.
public protocol DescribedInterface: VarlinkInterface {
  var interface: InterfaceDescription { get }
}

extension DescribedInterface {
  /// What the description calls it.
  public var name: String { interface.name }
  /// The description as it was given, with its comments.
  public var descriptionText: String { interface.text }
  /// All methods of the description; each must be implemented.
  public var methodNames: [String] { interface.methodNames }

  /// The first parameter that is missing, unknown or not of its declared type.
  public func invalidParameter(in parameters: JSONObject, ofMethod method: String) -> String? {
    interface.invalidParameter(in: parameters, ofMethod: method)
  }
}
