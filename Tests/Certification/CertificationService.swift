import JSON
import Synchronization
import Varlink
import VarlinkServer

/// Serves `org.varlink.certification`, and takes no call but the one that is due.
final class CertificationService: DescribedInterface {
  var interface: InterfaceDescription { certificationInterface }

  /// The index of the call that is due in each session, oldest session first.
  private let sessions = Mutex<[(id: String, next: Int)]>([])
  /// Sessions beyond this end, the oldest first.
  private static let sessionLimit = 1000

  func handle(_ call: Call, from peer: Peer?, replies: ReplyStream) async throws -> ReplyParameters {
    if call.methodName == "Start" { return try start(call) }
    let step = try check(call)
    switch step.method {
    case "Test10":
      for text in Exchange.replies.dropLast() { try await replies.send(["string": text]) }
      return ["string": Exchange.replies[9]]
    case "Test11": return [:]
    case "End": return ["all_ok": true]
    default: return .object(Exchange.single.first { $0.method == step.method }?.output ?? [:])
    }
  }

  private func start(_ call: Call) throws -> ReplyParameters {
    guard call.mode == .single else { throw certificationError(wants: Call(call.method), got: call) }
    let id = String(UInt128.random(in: 0 ... .max), radix: 16)
    sessions.withLock { sessions in
      if sessions.count >= Self.sessionLimit { sessions.removeFirst() }
      sessions.append((id, 1))
    }
    return ["client_id": .string(id)]
  }

  /// Ends the session after its last call, and after one that is not as it must be.
  private func check(_ call: Call) throws -> (method: String, input: JSONObject, mode: Call.Mode) {
    let id = call.parameters["client_id"]?.stringValue ?? ""
    return try sessions.withLock { sessions in
      guard let index = sessions.firstIndex(where: { $0.id == id }) else {
        throw VarlinkError("\(Exchange.interface).ClientIdError")
      }
      let step = Exchange.calls[sessions[index].next]
      let wanted = Call(
        "\(Exchange.interface).\(step.method)", Exchange.parameters(id, step.input), mode: step.mode)
      let isRight =
        call.method == wanted.method && call.mode == wanted.mode
        && JSONValue.object(call.parameters).agrees(with: .object(wanted.parameters))
      if !isRight || step.method == "End" { sessions.remove(at: index) } else { sessions[index].next += 1 }
      if !isRight { throw certificationError(wants: wanted, got: call) }
      return step
    }
  }

  private func certificationError(wants: Call, got: Call) -> VarlinkError {
    VarlinkError("\(Exchange.interface).CertificationError", ["wants": wants.json, "got": got.json])
  }
}

extension Call {
  fileprivate var json: JSONValue {
    var object: JSONObject = ["method": .string(method), "parameters": .object(parameters)]
    if mode != .single { object[mode.rawValue] = true }
    return .object(object)
  }
}
