import Logging
import TestSupport
import Varlink
import VarlinkServer

/// A server on a socket in a folder of its own.
struct TestServer: Sendable {
  let server: Server
  let path: String
  let probe: Probe
  let log: Probe
}

let identity = ServerConfiguration.Identity(
  vendor: "Example", product: "Test", version: "1", url: "https://example.org")

func makeServer(
  _ endpoints: [Endpoint], probe: Probe = Probe(), log: Probe = Probe(),
  configure: (inout ServerConfiguration) -> Void = { _ in }
) -> Server {
  var configuration = ServerConfiguration(identity: identity)
  configure(&configuration)
  return Server(
    interfaces: [TestInterface(probe: probe)], endpoints: endpoints, configuration: configuration,
    logger: Logger(label: "test") { _ in LogRecorder(probe: log) })
}

func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  try await withTemporaryFolder { try await body($0.path) }
}

func withServer<Result>(
  configure: (inout ServerConfiguration) -> Void = { _ in }, _ body: (TestServer) async throws -> Result
) async throws -> Result {
  try await withFolder { folder in
    let path = "\(folder)/socket"
    let probe = Probe()
    let log = Probe()
    let server = makeServer([.address(.unix(path: path))], probe: probe, log: log, configure: configure)
    try await server.start()
    let result: Swift.Result<Result, any Error>
    do {
      result = .success(try await body(TestServer(server: server, path: path, probe: probe, log: log)))
    } catch {
      result = .failure(error)
    }
    await server.shutdown(within: .zero)
    return try result.get()
  }
}
