import Glibc
import JSON
import Logging
import Varlink
import VarlinkServer

/// Tells what its process was started with.
struct ProcessInterface: VarlinkInterface {
  let environment: [String: String]

  let name = "org.example.process"
  let descriptionText = "interface org.example.process\n"
  let methodNames = ["Describe", "Print", "Stop"]

  func handle(_ call: Call, from peer: Peer?, replies: ReplyStream) async throws -> ReplyParameters {
    switch call.methodName {
    case "Print":
      print("printed by the service")
      fflush(nil)
      return [:]
    case "Stop":
      raise(SIGSTOP)
      return [:]
    default:
      return [
        "arguments": .array(CommandLine.arguments.dropFirst().map { .string($0) }),
        "pid": .integer(Int64(getpid())),
        "listenNames": environment["LISTEN_FDNAMES"].map { .string($0) } ?? nil,
        "inherited": getenv("LISTEN_FDS") == nil ? false : true,
        "standardInputEnds": .bool(getchar() == EOF),
      ]
    }
  }
}

var environment: [String: String] = [:]
for name in ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "SYSTEMD_VARLINK_LISTEN"] {
  if let value = getenv(name) { environment[name] = String(cString: value) }
}

var endpoints: [Endpoint] = []
switch try Activation(environment: environment, pid: getpid()) {
case .descriptors(let descriptors): endpoints = try descriptors.map { .adopted(try AdoptedSocket(adopting: $0)) }
case .standardStreams: endpoints = [.standardStreams]
case nil: endpoints = [.address(try Address(parsing: CommandLine.arguments.dropFirst().first ?? ""))]
}
Activation.removeFromEnvironment()

let identity = ServerConfiguration.Identity(
  vendor: "Example", product: "Test service", version: "1", url: "https://example.org")
let server = Server(
  interfaces: [ProcessInterface(environment: environment)], endpoints: endpoints,
  configuration: ServerConfiguration(identity: identity),
  logger: Logger(label: "test") { StreamLogHandler.standardError(label: $0) })
try await server.start()
await server.waitUntilClosed()
