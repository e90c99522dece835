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

  /// Answers those who wait at what was handed over with what is wrong, so that they do not wait for a service that does
  /// not come, and returns when nobody waits any more.
  func tellWhoWaits(_ endpoints: [Endpoint], _ problems: ProblemList, _ notify: NotifySocket?) async throws {
    logger.error("cannot serve", metadata: ["problems": "\(problems.total)"])
    for line in problems.lines { logger.error("\(line)") }
    let count = problems.total == 1 ? "1 problem" : "\(problems.total) problems, the first"
    notify?.status("cannot serve, \(count): \(problems.lines.first ?? "")")
    let interfaces = try [Reports.description, Exports.description, Manage.description].map {
      InvalidConfigurationInterface(interface: try InterfaceDescription(parsing: $0), problems: problems)
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
        for await event in Signals.events() where event == .stop { return }
      }
      group.addTask { await server.waitUntilClosed() }
      group.addTask { await Self.waitUntilNobodyCalls(server) }
      await group.next()
      await server.shutdown(within: .seconds(1))
      group.cancelAll()
    }
    notify?.flush()
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
