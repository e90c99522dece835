internal import Base
internal import JSON
internal import MusterAPI
internal import Pipeline
internal import Varlink
internal import VarlinkServer

/// Stands in for an interface of the daemon when there is nothing to serve: answers every call with what is wrong.
///
/// Who may do what is not known then. Whoever may open the socket may know why there is no answer.
struct InvalidConfigurationInterface: DescribedInterface {
  let interface: InterfaceDescription
  let configuration: RefusedConfiguration

  /// So that whoever asks for it is told the same as everybody.
  func supportsUpgrade(ofMethod method: String) -> Bool { true }

  func handle(_ call: Call, from peer: Peer?, replies: ReplyStream) async throws -> ReplyParameters {
    guard let problems = await configuration.currentProblems(asOfNow: call.method == "org.muster.Manage.Reload") else {
      // The connection is closed without an answer, as that of a daemon that is lost, and whoever asks again is served.
      while true { try await Task.sleep(for: .seconds(3600)) }
    }
    let listed = problems.listed(within: Configuration.Limits())
    throw VarlinkError(
      "\(interface.name).InvalidConfiguration",
      ["problems": .array(listed.map(JSONValue.string)), "total": .integer(Int64(problems.total))])
  }
}

extension ProblemList {
  /// As many as fit into a reply, beside what stands around them.
  func listed(within limits: Configuration.Limits) -> [String] {
    var room = SizeLimit(.replySize, of: limits).byteCount - 256
    return Array(
      problems.map(\.description).prefix { problem in
        room -= JSONValue.string(problem).bytes.count + 1
        return room >= 0
      })
  }
}
