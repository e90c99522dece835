import JSON
import Varlink

/// Calls that the server must refuse, each with its exact error.
struct CertificationRefusals {
  let client: Client

  func run() throws {
    try checkNames()
    try checkParameters()
    try checkSessions()
    try checkModes()
  }

  private func checkNames() throws {
    try expect(.interfaceNotFound("org.example.missing"), "org.example.missing.Method")
    try expect(.methodNotFound("\(Exchange.interface).Test12"), "\(Exchange.interface).Test12")
    try expect(.methodNotFound("\(Exchange.interface).test01"), "\(Exchange.interface).test01")
    try expect(.methodNotFound("org.varlink.service.Missing"), "org.varlink.service.Missing")
    try expect(
      .interfaceNotFound("org.example.missing"), "org.varlink.service.GetInterfaceDescription",
      ["interface": "org.example.missing"])
  }

  private func checkParameters() throws {
    let test02 = "\(Exchange.interface).Test02"
    try expect(.invalidParameter("a"), "org.varlink.service.GetInfo", ["a": 1])
    try expect(.invalidParameter("interface"), "org.varlink.service.GetInterfaceDescription")
    try expect(.invalidParameter("client_id"), test02)
    try expect(.invalidParameter("client_id"), test02, ["client_id": 1, "bool": true])
    try expect(.invalidParameter("bool"), test02, ["client_id": "x", "bool": 1])
    try expect(.invalidParameter("extra"), test02, ["client_id": "x", "extra": 1, "bool": true])
    try expect(.invalidParameter("int"), "\(Exchange.interface).Test03", ["client_id": "x", "int": 1.0])
    try expect(.invalidParameter("set.one"), "\(Exchange.interface).Test09", ["client_id": "x", "set": ["one": 1]])
  }

  private func checkSessions() throws {
    let test01 = "\(Exchange.interface).Test01"
    let noSession = VarlinkError("\(Exchange.interface).ClientIdError")
    try expect(noSession, test01, ["client_id": "x"])
    let id = try session(before: "Test02")
    try expectCertificationError(Call(test01, Exchange.parameters(id, [:])), wants: "Test02")
    try expect(noSession, test01, ["client_id": .string(id)])
    let other = try session(before: "Test02")
    let wrong = Exchange.parameters(other, ["bool": false])
    try expectCertificationError(Call("\(Exchange.interface).Test02", wrong), wants: "Test02")
  }

  /// A call with the right parameters and the wrong flag. One that is oneway gets no answer, not even an error.
  private func checkModes() throws {
    for call in Exchange.calls where call.method != "Start" {
      for mode in [Call.Mode.single, .more, .oneway] where mode != call.mode {
        let id = try session(before: call.method)
        let parameters = Exchange.parameters(id, call.input)
        try expectCertificationError(
          Call("\(Exchange.interface).\(call.method)", parameters, mode: mode), wants: call.method)
        try expect(
          VarlinkError("\(Exchange.interface).ClientIdError"), "\(Exchange.interface).End", ["client_id": .string(id)])
      }
    }
  }

  /// Begins a session and goes through it up to the call before that one.
  private func session(before method: String) throws -> String {
    let reply = try client.call("\(Exchange.interface).Start", timeout: CertificationClient.timeout)
    let id = reply["client_id"]?.stringValue ?? ""
    for call in Exchange.calls.dropFirst().prefix(while: { $0.method != method }) {
      try send(Call("\(Exchange.interface).\(call.method)", Exchange.parameters(id, call.input), mode: call.mode))
    }
    return id
  }

  private func send(_ call: Call) throws {
    switch call.mode {
    case .oneway: try client.callOneway(call.method, call.parameters)
    case .more: try client.callMore(call.method, call.parameters, timeout: CertificationClient.timeout) { _ in }
    default: try client.call(call.method, call.parameters, timeout: CertificationClient.timeout)
    }
  }

  private func expectCertificationError(_ call: Call, wants method: String) throws {
    let name = "\(Exchange.interface).CertificationError"
    do {
      try send(call)
      if call.mode == .oneway { return }
    } catch ClientError.errorReply(let error) where error.name == name {
      if let mismatch = certificationInterface.mismatch(inError: error.parameters, named: error.name) {
        throw CertificationFailure("\(call.method): \(mismatch)")
      }
      if error.parameters["wants"]?["method"] == .string("\(Exchange.interface).\(method)"),
        error.parameters["got"]?["method"] == .string(call.method),
        error.parameters["got"]?["parameters"] == .object(call.parameters)
      {
        print("Refused: \(call.method) \(call.mode)")
        return
      }
      throw CertificationFailure("\(call.method): unexpected \(error)")
    }
    throw CertificationFailure("\(call.method): expected CertificationError, got a reply")
  }

  private func expect(_ error: VarlinkError, _ method: String, _ parameters: JSONObject = [:]) throws {
    do {
      try client.call(method, parameters, timeout: CertificationClient.timeout)
    } catch .errorReply(let got) {
      guard got == error else { throw CertificationFailure("\(method): expected \(error), got \(got)") }
      print("Refused: \(method)")
      return
    }
    throw CertificationFailure("\(method): expected \(error), got a reply")
  }
}
