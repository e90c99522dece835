import JSON
import Varlink

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a server did wrong.
struct CertificationFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Goes through the suite and checks everything that comes back.
///
/// Known liberties of other implementations are told; when `isExact` they are failures.
struct CertificationClient {
  let client: Client
  let isExact: Bool

  static let timeout = Duration.seconds(20)

  func run() throws {
    let info = try checkInfo()
    try checkDescription()
    let start = try call("Start", [:])
    guard case .string(let id)? = start["client_id"], !id.isEmpty else {
      throw CertificationFailure("Start: no client_id")
    }

    var output: JSONObject = [:]
    for (method, expected) in Exchange.single {
      let reply = try call(method, Exchange.parameters(id, output))
      try compare(try withoutLiberties(reply, method, id), expected, method)
      // What came goes back as it came, liberties and all; only an undeclared field does not.
      output = JSONObject(reply.members.filter { expected[$0.name] != nil }.map { ($0.name, $0.value) })
    }
    let texts = try callTest10(Exchange.parameters(id, output))
    try client.callOneway(
      "\(Exchange.interface).Test11", Exchange.parameters(id, ["last_more_replies": .array(texts)]))
    try compare(try call("End", Exchange.parameters(id, [:])), ["all_ok": true], "End")

    // A reply to the oneway call, or one too many to Test10, would now be taken for the reply to this.
    guard try checkInfo() == info else { throw CertificationFailure("GetInfo: a second reply differs from the first") }
  }

  /// The server answers what was sent before, and nothing else, and closes when the client has ended its side.
  func checkClose() throws {
    shutdown(client.descriptor, Int32(SHUT_WR))
    var request = pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0)
    var byte: UInt8 = 0
    guard poll(&request, 1, 20_000) == 1 else { throw CertificationFailure("the connection stays open after its end") }
    guard recv(client.descriptor, &byte, 1, 0) == 0 else { throw CertificationFailure("bytes after the last reply") }
  }

  private func call(_ method: String, _ parameters: JSONObject) throws -> JSONObject {
    let reply = try client.call("\(Exchange.interface).\(method)", parameters, timeout: Self.timeout)
    print("\(method): \(JSONValue.object(reply).text)")
    return reply
  }

  private func callTest10(_ parameters: JSONObject) throws -> [JSONValue] {
    var replies = try client.callMore("\(Exchange.interface).Test10", parameters, timeout: Self.timeout)
    var texts: [JSONValue] = []
    while let reply = try replies.next() {
      print("Test10: \(JSONValue.object(reply).text)")
      guard texts.count < Exchange.replies.count else { throw CertificationFailure("Test10: more than ten replies") }
      try compare(reply, ["string": Exchange.replies[texts.count]], "Test10")
      texts.append(Exchange.replies[texts.count])
    }
    guard texts.count == 10 else { throw CertificationFailure("Test10: \(texts.count) replies instead of ten") }
    return texts
  }

  private func compare(_ reply: JSONObject, _ expected: JSONObject, _ method: String) throws {
    if let mismatch = certificationInterface.mismatch(inReply: reply, ofMethod: method) {
      throw CertificationFailure("\(method): \(mismatch)")
    }
    let (reply, expected) = (JSONValue.object(reply), JSONValue.object(expected))
    if isExact ? reply == expected && reply.text == expected.text : reply.agrees(with: expected) { return }
    throw CertificationFailure("\(method): expected \(expected.text), got \(reply.text)")
  }
}

// MARK: - Liberties

extension CertificationClient {
  /// Python's server sends `client_id` with Test09, and Go's begins two keys of a map with a capital.
  private func withoutLiberties(_ reply: JSONObject, _ method: String, _ id: String) throws -> JSONObject {
    guard method == "Test09" else { return reply }
    var reply = reply
    if reply["client_id"] == .string(id) {
      try tell("Test09: an undeclared client_id")
      reply["client_id"] = nil
    }
    if var type = reply["mytype"]?.objectValue, var interface = type["interface"]?.objectValue,
      var foo = interface["foo"]?.arrayValue, foo.count == 4, foo[1] == ["Foo": "foo", "Bar": "bar"]
    {
      try tell("Test09: the keys Foo and Bar instead of foo and bar")
      foo[1] = ["foo": "foo", "bar": "bar"]
      interface["foo"] = .array(foo)
      type["interface"] = .object(interface)
      reply["mytype"] = .object(type)
    }
    return reply
  }

  private func tell(_ liberty: String) throws {
    if isExact { throw CertificationFailure(liberty) }
    print("Accepted: \(liberty)")
  }
}

// MARK: - org.varlink.service

extension CertificationClient {
  private func checkInfo() throws -> JSONObject {
    let info = try client.call("org.varlink.service.GetInfo", timeout: Self.timeout)
    if let mismatch = InterfaceDescription.service.mismatch(inReply: info, ofMethod: "GetInfo") {
      throw CertificationFailure("GetInfo: \(mismatch)")
    }
    for name in ["org.varlink.service", Exchange.interface]
    where info["interfaces"]?.arrayValue?.contains(.string(name)) != true {
      throw CertificationFailure("GetInfo: \(name) is not among the interfaces")
    }
    return info
  }

  /// The service describes the members that the suite has, types and all.
  private func checkDescription() throws {
    let reply = try client.call(
      "org.varlink.service.GetInterfaceDescription", ["interface": .string(Exchange.interface)], timeout: Self.timeout)
    if let mismatch = InterfaceDescription.service.mismatch(inReply: reply, ofMethod: "GetInterfaceDescription") {
      throw CertificationFailure("GetInterfaceDescription: \(mismatch)")
    }
    let description = try InterfaceDescription(parsing: reply["description"]?.stringValue ?? "", file: "description")
    let difference = Set(description.signatures).symmetricDifference(certificationInterface.signatures)
    if !difference.isEmpty {
      throw CertificationFailure("GetInterfaceDescription: differs in \(difference.sorted().joined(separator: "; "))")
    }
  }
}

extension InterfaceDescription {
  /// The members without comments.
  fileprivate var signatures: [String] {
    members.map { member in
      switch member.definition {
      case .type(let type): "type \(member.name) \(type)"
      case .error(let type): "error \(member.name) \(type)"
      case .method(let input, let output):
        "method \(member.name)\(ValueType.structure(input)) -> \(ValueType.structure(output))"
      }
    }
  }
}
