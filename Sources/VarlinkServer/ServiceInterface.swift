import JSON
import Varlink

/// `org.varlink.service`, which every service has.
struct ServiceInterface: VarlinkInterface {
  static let name = "org.varlink.service"

  let identity: ServerConfiguration.Identity
  /// The text of each interface, this one too, in the order in which they are listed.
  let descriptions: [(name: String, text: String)]

  init(identity: ServerConfiguration.Identity, others: [any VarlinkInterface]) {
    self.identity = identity
    descriptions = [(Self.name, Self.text)] + others.map { ($0.name, $0.descriptionText) }
  }

  var name: String { Self.name }
  var descriptionText: String { Self.text }
  var methodNames: [String] { ["GetInfo", "GetInterfaceDescription"] }

  func invalidParameter(in parameters: JSONObject, ofMethod method: String) -> String? {
    let known = method == "GetInfo" ? [] : ["interface"]
    if let unknown = parameters.names.first(where: { !known.contains($0) }) { return unknown }
    return known.first { parameters[$0]?.stringValue == nil }
  }

  func handle(_ call: Call, from peer: Peer?, replies: ReplyStream) async throws -> ReplyParameters {
    if call.methodName == "GetInfo" {
      return [
        "vendor": .string(identity.vendor), "product": .string(identity.product),
        "version": .string(identity.version), "url": .string(identity.url),
        "interfaces": .array(descriptions.map { .string($0.name) }),
      ]
    }
    let wanted = call.parameters["interface"]?.stringValue ?? ""
    guard let found = descriptions.first(where: { $0.name == wanted }) else {
      throw VarlinkError.interfaceNotFound(wanted)
    }
    return ["description": .string(found.text)]
  }

  /// The interface has no error of its own for this; it never happens, since nothing above throws another error.
  func errorReply(for error: any Error, to call: Call) -> VarlinkError { .methodNotImplemented(call.method) }

  static let text = """
    # The Varlink Service Interface is provided by every varlink service. It
    # describes the service and the interfaces it implements.
    interface org.varlink.service

    # Get a list of all the interfaces a service provides and information
    # about the implementation.
    method GetInfo() -> (
    \tvendor: string,
    \tproduct: string,
    \tversion: string,
    \turl: string,
    \tinterfaces: []string
    )

    # Get the description of an interface that is implemented by this service.
    method GetInterfaceDescription(
    \tinterface: string
    ) -> (
    \tdescription: string
    )

    # The requested interface was not found.
    error InterfaceNotFound(
    \tinterface: string
    )

    # The requested method was not found.
    error MethodNotFound(
    \tmethod: string
    )

    # The interface defines the requested method, but the service does not
    # implement it.
    error MethodNotImplemented(
    \tmethod: string
    )

    # One of the passed parameters is invalid.
    error InvalidParameter(
    \tparameter: string
    )

    # The client lacks the permission to call the method.
    error PermissionDenied()

    # The method can only be called with the 'more' flag set.
    error ExpectedMore()

    # The method can only be called with the 'upgrade' flag set.
    error ExpectedUpgrade()

    """
}
