internal import Base
internal import Exports
internal import Logging
internal import MusterAPI
internal import Pipeline
internal import Systemd
internal import Varlink
internal import VarlinkServer

extension Daemon {
  /// Nobody who connects later is waited for so long: the socket is the activator's, and calls us again.
  private static let patience = (firstConnection: Duration.milliseconds(250), call: Duration.seconds(2))
  /// However many go on to call, the files are read again then, by the next one that is started.
  private static let maximumTime = Duration.seconds(30)

  /// So many are logged each time; a call, and "musterd check", tells all.
  private static let loggedCount = 10

  /// Answers those who wait at what was handed over with what is wrong, so that they do not wait for a service that does
  /// not come. Returns when nobody waits any more, or nothing is wrong any more: who waits then is for the next one.
  ///
  /// - Parameter duration: how long it took to find the problems.
  func tellWhoWaits(
    _ endpoints: [Endpoint], _ problems: ProblemList, after duration: Duration, _ notify: NotifySocket?
  ) async throws {
    let logger = logger
    let refused = RefusedConfiguration(
      options.configuration, registry: registry, problems: problems, after: duration
    ) { problems in
      Self.log(problems, logger)
      let count = problems.total == 1 ? "1 problem" : "\(problems.total) problems, the first"
      notify?.status("cannot serve, \(count): \(problems.lines.first ?? "")")
    }
    let interfaces = try [Reports.description, Exports.description, Manage.description].map {
      InvalidConfigurationInterface(interface: try InterfaceDescription(parsing: $0), configuration: refused)
    }
    let server = Server(
      interfaces: interfaces, endpoints: endpoints, configuration: serverConfiguration(Configuration.Limits()),
      logger: logger)
    do {
      try await server.start()
    } catch {
      throw DaemonError(code: .unavailable, message: "\(error)")
    }
    await withTaskGroup { group in
      group.addTask {
        for await event in Signals.events() {
          if event == .stop { return }
          // Not waited for: an end may come behind it.
          Task { await refused.currentProblems(asOfNow: true) }
        }
      }
      group.addTask { await server.waitUntilClosed() }
      group.addTask { await Self.waitUntilNobodyCalls(server) }
      group.addTask {
        await refused.waitUntilMended()
        if !Task.isCancelled { logger.notice("the problems are gone, to be started anew") }
      }
      await group.next()
      // Who waits until it is mended has no answer from here.
      await server.shutdown(within: await refused.isMended ? .zero : .seconds(1))
      group.cancelAll()
    }
    notify?.flush()
  }

  private static func log(_ problems: ProblemList, _ logger: Logger) {
    logger.error("cannot serve", metadata: ["problems": "\(problems.total)"])
    for problem in problems.problems.prefix(loggedCount) { logger.error("\(problem)") }
    let rest = problems.total - min(loggedCount, problems.problems.count)
    if rest > 0 { logger.error("\(rest) more problems; \"musterd check\" shows them") }
  }

  private static func waitUntilNobodyCalls(_ server: Server) async {
    let start = ContinuousClock.now
    var (last, lastChange) = (server.statistics, start)
    while start.duration(to: .now) < maximumTime {
      do { try await Task.sleep(for: .milliseconds(25)) } catch { return }
      let current = server.statistics
      if current != last { (last, lastChange) = (current, .now) }
      let isConnected = current.openConnectionCount > 0
      if lastChange.duration(to: .now) > (isConnected ? patience.call : patience.firstConnection) { return }
    }
  }
}
