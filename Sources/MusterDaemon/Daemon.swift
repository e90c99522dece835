internal import Base
internal import Exports
internal import ExternalPlugins
internal import Glibc
public import Logging
internal import Model
internal import MusterAPI
public import Pipeline
internal import Posix
internal import Query
internal import Synchronization
internal import Systemd
internal import Varlink
internal import VarlinkServer

/// The running service: what `musterd --config FILE` does.
public struct Daemon: Sendable {
  /// What the command line says.
  public struct Options: Sendable {
    /// The path of the configuration file.
    public var configuration: String
    /// The address to listen at; nil for what the configuration says.
    public var listen: String?

    /// - Parameters:
    ///   - configuration: the path of the configuration file.
    ///   - listen: the address to listen at; nil for what the configuration says.
    public init(configuration: String, listen: String? = nil) {
      self.configuration = configuration
      self.listen = listen
    }
  }

  let options: Options
  let registry: PluginRegistry
  let logger: Logger

  /// - Parameters:
  ///   - options: what the command line says.
  ///   - registry: the shipped plugins.
  ///   - logger: where everything is told that happens.
  public init(options: Options, registry: PluginRegistry, logger: Logger) {
    self.options = options
    self.registry = registry
    self.logger = logger
  }

  /// Loads everything, serves until it is told to stop or its only connection ends, and cleans up.
  ///
  /// - Throws: `ProblemList` for a configuration or dataset that has problems, or `DaemonError`.
  public func run() async throws {
    let start = monotonicMicroseconds()
    let (activation, notify, watchdogPeriod) = try readEnvironment()

    let generation: Generation
    let loadStart = ContinuousClock.now
    do {
      generation = try await Generation.load(path: options.configuration, registry: registry)
    } catch {
      guard let activation else { throw error }
      try await tellWhoWaits(endpoints(activation, nil), error, after: loadStart.duration(to: .now), notify)
      // All of it is in the log.
      throw DaemonError(code: .badData, message: "")
    }
    let store = GenerationStore(generation, path: options.configuration, registry: registry, notify: notify)
    warnOfUnseenAccounts(generation.configuration.access, logger: logger)
    warnOfExportFolder(generation.configuration, logger: logger)
    warnOfMemory(generation.configuration.limits, logger: logger)
    let endpoints = try endpoints(activation, generation.configuration)
    let server = try server(for: store, endpoints: endpoints, limits: generation.configuration.limits)
    do {
      try await server.start()
    } catch {
      throw DaemonError(code: .unavailable, message: "\(error)")
    }
    logger.notice(
      "serving",
      metadata: [
        "address": "\(endpoints.map(\.logDescription).joined(separator: " "))", "version": "\(musterVersion)",
        "dataset": "\(generation.model.name)", "revision": "\(generation.model.revision)",
        "observations": "\(generation.engine.observationCount)", "reports": "\(generation.reports.count)",
        "duration-usec": "\(monotonicMicroseconds() - start)",
      ])

    notify?.ready(store.status)
    removeAbandonedFolders()
    let watchdog = notify.flatMap { notify in
      watchdogPeriod.map { Watchdog(period: $0, notify: notify, logger: logger) }
    }
    watchdog?.start { try Self.selfTest(server, within: $0, logger: logger) }

    await serve(server, store) {
      watchdog?.stop()
      let count = server.statistics.runningCallCount
      notify?.stopping(count == 0 ? "stopping" : "waiting for \(count) running calls")
    }
    logger.notice("stopped", metadata: ["calls": "\(server.statistics.callCount)"])
    notify?.flush()
    if server.hasFailed {
      throw DaemonError(
        code: .unavailable, message: "the listening socket failed, and with it the service; the log says more")
    }
  }

  /// Nobody has to wait for it, however much was left.
  private func removeAbandonedFolders() {
    let logger = logger
    Task {
      let count = try await blocking { PluginHost.removeAbandonedFolders() }
      if count > 0 {
        logger.notice("removed folders of plugins whose musterd was killed", metadata: ["count": "\(count)"])
      }
    }
  }

  /// What the service manager handed over, where it is told how the daemon fares, and how long it waits for a sign of life.
  private func readEnvironment() throws(DaemonError) -> (Activation?, NotifySocket?, Duration?) {
    let environment = ServiceEnvironment.take()
    do {
      let activation = try Activation(environment: environment.variables, pid: getpid())
      // Somebody means to be answered there, and would wait for ever while we listen elsewhere.
      if activation == nil, environment.variables["LISTEN_PID"] == "\(getpid())",
        let count = environment.variables["LISTEN_FDS"].flatMap({ Int($0) }), count > 0
      {
        throw DaemonError(
          code: .usage,
          message: "\(count) sockets were handed over, and none is called varlink; set FileDescriptorName=varlink")
      }
      return (
        activation,
        try environment.notifySocket(logger: logger), try environment.watchdogPeriod(pid: getpid())
      )
    } catch let error as DaemonError {
      throw error
    } catch {
      throw DaemonError(code: .usage, message: "\(error)")
    }
  }

  /// Makes a call as any client does, through the event loop and the tasks that answer calls. An error reply is an
  /// answer: another process would not do better with the same report.
  private static func selfTest(_ server: Server, within timeout: Duration, logger: Logger) throws {
    guard let descriptor = server.connectInternally() else { return }
    do {
      try Client(adopting: descriptor).call("\(Manage.interface).SelfTest", timeout: timeout)
    } catch ClientError.errorReply(let error) {
      logger.error("the report that the watchdog runs failed", metadata: ["error": "\(error)"])
    }
  }

  /// Follows signals until one says stop, or the server closes by itself.
  private func serve(_ server: Server, _ store: GenerationStore, willStop: () -> Void) async {
    // Of signals that come while one is obeyed, one reload is still to come: it takes whatever all of them meant.
    let (requests, reload) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    // A reload that goes on keeps nobody from stopping.
    let reloading = Task { for await _ in requests { _ = try? await reloadAndLog(store, logger: logger) } }
    defer { reloading.cancel() }
    await withTaskGroup { group in
      group.addTask {
        for await event in Signals.events() {
          switch event {
          case .reload: reload.yield()
          case .stop:
            logger.notice("stopping", metadata: ["running-calls": "\(server.statistics.runningCallCount)"])
            return
          }
        }
      }
      group.addTask { await server.waitUntilClosed() }
      await group.next()
      // Whoever watches would be waited for else.
      store.endStreams()
      willStop()
      await server.shutdown(within: store.current.generation.configuration.limits.shutdownTimeout)
      group.cancelAll()
    }
    await registry.host.settle()
  }

  /// - Parameter configuration: nil when there is none; then what was handed over is all that can be served.
  private func endpoints(_ activation: Activation?, _ configuration: Configuration?) throws -> [Endpoint] {
    switch activation {
    case .standardStreams?: return [.standardStreams]
    case .descriptors(let descriptors)?:
      return try descriptors.map { descriptor in
        do {
          return .adopted(try AdoptedSocket(adopting: descriptor))
        } catch {
          throw DaemonError(code: .usage, message: "\(error)")
        }
      }
    case nil:
      if let text = options.listen {
        return [.address(try address(text) { DaemonError(code: .usage, message: "--listen: \($0)") })]
      }
      if let listen = configuration?.listen {
        return [.address(try address(listen.value) { ProblemList([listen.problem($0)]) })]
      }
      return [.address(try address(Configuration.defaultAddress) { DaemonError(code: .usage, message: $0) })]
    }
  }

  private func address(_ text: String, error: (String) -> any Error) throws -> Address {
    do {
      return try Address(parsing: text)
    } catch let parsing {
      throw error(parsing.description)
    }
  }

  private func server(
    for store: GenerationStore, endpoints: [Endpoint], limits: Configuration.Limits
  ) throws -> Server {
    let statistics = StatisticsSource()
    let calls = CallStatistics()
    let gate: RunGate
    let lists: RunGate
    do {
      gate = try RunGate(limits)
      lists = try RunGate(limits, of: .lists)
    } catch {
      throw DaemonError(code: .unavailable, message: "cannot start threads: \(error)")
    }
    let reports = ReportsHarness(
      interface: try InterfaceDescription(parsing: Reports.description), store: store,
      service: ReportsService(gate: gate))
    let exports = ExportsService(
      host: DaemonExportHost(store: store, gate: gate), programVersion: musterVersion, logger: logger)
    let manage = ManageHarness(
      interface: try InterfaceDescription(parsing: Manage.description),
      service: ManageService(store: store, gate: gate, logger: logger), configurationPath: options.configuration,
      statistics: { statistics.current }, calls: calls, exports: exports)
    let harnesses: [any Harness] = [
      reports,
      ExportsHarness(interface: try InterfaceDescription(parsing: Exports.description), service: exports), manage,
    ]
    let throttle = LogThrottle()
    let server = Server(
      interfaces: harnesses.map {
        SupervisedHarness(
          harness: $0, store: store, lists: lists, statistics: calls, logger: logger, throttle: throttle)
      },
      endpoints: endpoints, configuration: serverConfiguration(limits), logger: logger)
    statistics.server.withLock { $0 = server }
    store.observe { served in
      let limits = served.generation.configuration.limits
      server.apply(ServerConfiguration.Limits(limits))
      gate.apply(limits)
      lists.apply(limits)
    }
    return server
  }

  func serverConfiguration(_ limits: Configuration.Limits) -> ServerConfiguration {
    var configuration = ServerConfiguration(
      identity: ServerConfiguration.Identity(
        vendor: "Muster", product: "musterd", version: musterVersion, url: "man:musterd(8)"))
    configuration.limits = ServerConfiguration.Limits(limits)
    configuration.limitNames = .configured
    return configuration
  }
}

/// The server's figures for a service that the server is made of.
private final class StatisticsSource: Sendable {
  let server = Mutex<Server?>(nil)

  var current: ServerStatistics { server.withLock { $0 }?.statistics ?? ServerStatistics() }
}

/// Why the daemon cannot run.
public struct DaemonError: Error, Sendable, CustomStringConvertible {
  /// Exit codes of sysexits(3).
  public enum Code: Int32, Sendable {
    case usage = 64
    case badData = 65
    case unavailable = 69
  }

  /// The exit code.
  public var code: Code
  /// What is wrong, for people; empty when the log has told it.
  public var message: String

  /// The message.
  public var description: String { message }
}

extension Endpoint {
  fileprivate var logDescription: String {
    switch self {
    case .address(let address): "\(address)"
    case .adopted(let socket): socket.isListening ? "inherited:\(socket.descriptor)" : "connected:\(socket.descriptor)"
    case .streams: "streams"
    case .standardStreams: "standard-streams"
    }
  }
}
