import Glibc
import Logging
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
  var template = Array("/tmp/varlink-test-XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else { throw TestFailure() }
  let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  defer {
    for name in entries(of: folder) { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }
  return try await body(folder)
}

func entries(of folder: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted()
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

/// Runs what blocks on a thread of its own: in the pools it would keep the server's calls from running.
@discardableResult
func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    let job = Unmanaged.passRetained(Job { continuation.resume(with: Swift.Result { try body() }) })
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      {
        Unmanaged<Job>.fromOpaque($0!).takeRetainedValue().run(); return nil
      }, job.toOpaque())
    if code == 0 { pthread_detach(thread) } else { job.takeRetainedValue().run() }
  }
}

private final class Job: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
