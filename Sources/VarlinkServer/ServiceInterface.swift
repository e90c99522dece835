import JSON
import Varlink

/// `org.varlink.service`, which every service has.
struct ServiceInterface: DescribedInterface {
  let identity: ServerConfiguration.Identity
  /// The text of each interface, this one too, in the order in which they are listed.
  let descriptions: [(name: String, text: String)]

  init(identity: ServerConfiguration.Identity, others: [any VarlinkInterface]) {
    self.identity = identity
    descriptions =
      [(InterfaceDescription.service.name, serviceInterfaceText)] + others.map { ($0.name, $0.descriptionText) }
  }

  var interface: InterfaceDescription { .service }

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
}
