import JSON
import TestSupport
import Varlink
import VarlinkServer

/// One method for each thing that a call can do.
struct TestInterface: VarlinkInterface {
  let probe: Probe

  let name = "org.example.test"
  let descriptionText = "interface org.example.test\n"
  let methodNames = [
    "Echo", "Count", "Wait", "Flood", "Fail", "Refuse", "Unsendable", "Raw", "Confirm", "Peer", "Note",
  ]

  func invalidParameter(in parameters: JSONObject, ofMethod method: String) -> String? {
    parameters.names.first { !["text", "to", "size"].contains($0) }
  }

  func supportsUpgrade(ofMethod method: String) -> Bool { method == "Raw" || method == "Confirm" }

  func handle(_ call: Call, from peer: Peer?, replies: ReplyStream) async throws -> ReplyParameters {
    let parameters = call.parameters
    switch call.methodName {
    case "Echo": return .object(parameters)
    case "Note":
      probe.note(parameters["text"]?.stringValue ?? "")
      return [:]
    case "Count":
      try call.requireMore()
      let last = parameters["to"]?.integerValue ?? 0
      for number in 1..<last { try await replies.send(["number": .integer(number)]) }
      return .encoded(Array("{\"number\":\(last)}".utf8))
    case "Wait":
      probe.note("waiting")
      do {
        try await Task.sleep(for: .seconds(3600))
      } catch {
        probe.note("cancelled")
        throw error
      }
      return [:]
    case "Flood":
      let text = String(repeating: "x", count: Int(parameters["size"]?.integerValue ?? 0))
      do {
        while true {
          try await replies.send(["text": .string(text)])
          probe.note("sent")
        }
      } catch {
        probe.note("flood ended: \(error)")
        throw error
      }
    case "Fail": throw TestFailure("on purpose")
    case "Refuse": throw VarlinkError("org.example.test.Refused", ["text": "a\0b"])
    case "Unsendable": return ["text": .double(.nan)]
    case "Raw":
      try call.requireUpgrade()
      let connection = try await replies.upgrade(["text": "raw"])
      while let bytes = try await connection.read() { try await connection.write(bytes) }
      try await connection.write(Array("end".utf8))
      return [:]
    case "Confirm": return ["text": "confirmed"]
    default:
      return [
        "uid": .integer(Int64(peer?.uid ?? .max)), "gid": .integer(Int64(peer?.gid ?? .max)),
        "pid": .integer(Int64(peer?.pid ?? -1)),
      ]
    }
  }
}
