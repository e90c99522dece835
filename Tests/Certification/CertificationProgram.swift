import Logging
import Varlink
import VarlinkServer

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@main
struct CertificationProgram {
  static let usage = """
    usage: varlink-certification --serve [ADDRESS]
           varlink-certification --client [--exact] ADDRESS

    --serve   serves org.varlink.certification until it is killed; without an address what the activator handed over,
              which is also what happens without any argument
    --client  goes through the suite; exits 0 and prints "Certification passed" if all is right
    --exact   takes no liberty of the server for right, and checks that it refuses wrong calls
    """

  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      switch (arguments.first, arguments.count) {
      case (nil, _), ("--serve", 1): try await serve(try activated())
      case ("--serve", 2): try await serve([.address(try Address(parsing: arguments[1]))])
      case ("--client", 2): try check(try Address(parsing: arguments[1]), isExact: false)
      case ("--client", 3) where arguments[1] == "--exact": try check(try Address(parsing: arguments[2]), isExact: true)
      default: fail(usage, status: EX_USAGE)
      }
    } catch {
      fail("varlink-certification: \(error)", status: EXIT_FAILURE)
    }
  }

  private static func activated() throws -> [Endpoint] {
    let environment = currentEnvironment()
    switch try Activation(environment: environment, pid: getpid()) {
    case nil: fail(usage, status: EX_USAGE)
    case .standardStreams: return [.standardStreams]
    case .descriptors(let descriptors): return try descriptors.map { .adopted(try AdoptedSocket(adopting: $0)) }
    }
  }

  private static func currentEnvironment() -> [String: String] {
    let names = ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "SYSTEMD_VARLINK_LISTEN"]
    return Dictionary(
      uniqueKeysWithValues: names.compactMap { name in getenv(name).map { (name, String(cString: $0)) } })
  }

  private static func serve(_ endpoints: [Endpoint]) async throws {
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    let identity = ServerConfiguration.Identity(
      vendor: "Muster", product: "Varlink certification", version: "1", url: "https://varlink.org/")
    let server = Server(
      interfaces: [CertificationService()], endpoints: endpoints,
      configuration: ServerConfiguration(identity: identity), logger: Logger(label: "varlink-certification"))
    try await server.start()
    await server.waitUntilClosed()
  }

  private static func check(_ address: Address, isExact: Bool) throws {
    let client = try Client(connectingTo: address, timeout: CertificationClient.timeout)
    let certification = CertificationClient(client: client, isExact: isExact)
    try certification.run()
    if isExact { try CertificationRefusals(client: client).run() }
    try certification.checkClose()
    print("Certification passed")
  }

  private static func fail(_ message: String, status: Int32) -> Never {
    let line = Array((message + "\n").utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(status)
  }
}
