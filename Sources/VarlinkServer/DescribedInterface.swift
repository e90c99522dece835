public import JSON
public import Varlink

/// An interface whose description says what it is called, which methods it has and what they take.
public protocol DescribedInterface: VarlinkInterface {
  var interface: InterfaceDescription { get }
}

extension DescribedInterface {
  public var name: String { interface.name }
  public var descriptionText: String { interface.text }
  public var methodNames: [String] { interface.methodNames }

  public func invalidParameter(in parameters: JSONObject, ofMethod method: String) -> String? {
    interface.invalidParameter(in: parameters, ofMethod: method)
  }
}
