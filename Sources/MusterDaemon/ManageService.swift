internal import Base
internal import Dataset
internal import Glibc
internal import JSON
internal import Logging
internal import MusterAPI
internal import Pipeline
internal import Varlink
internal import VarlinkServer

/// `org.muster.Manage`.
struct ManageService: Service {
  let interface: InterfaceDescription
  let store: GenerationStore
  let startedAt = currentMicroseconds()
  let startedAtMonotonic = monotonicMicroseconds()
  let configurationPath: String
  /// The server's own figures; it exists only after its interfaces.
  let statistics: @Sendable () -> ServerStatistics
  let calls: CallStatistics
  let gate: RunGate
  let exports: ExportsService
  let logger: Logger

  func handle(
    _ call: Call, in served: ServedGeneration, replies: ReplyStream
  ) async throws -> ReplyParameters {
    switch call.methodName {
    case "Status": try await ReplyParameters(encoding: status(served))
    case "Reload": try await reload()
    case "Plugins": try ReplyParameters(encoding: plugins(served.generation))
    case "AuditPlugin":
      try ReplyParameters(
        encoding: try await audit((call.decode() as Manage.AuditPluginParameters).name, in: served.generation))
    case "SelfTest": try ReplyParameters(encoding: try await served.generation.selfTest())
    default: throw VarlinkError.methodNotImplemented(call.method)
    }
  }

  private func status(_ served: ServedGeneration) async throws -> Manage.StatusReply {
    let exports = try await blocking { [exports] in exports.list(served.generation).exports }
    let server = statistics()
    let cache = served.cache.statistics
    let (running, waiting) = gate.counts
    let reloads = store.reloadCounts
    let outcome = store.lastOutcome
    return Manage.StatusReply(
      version: musterVersion, processId: Int64(getpid()), startedAt: startedAt,
      uptimeMicroseconds: monotonicMicroseconds() - startedAtMonotonic, configuration: configurationPath,
      generation: Int64(served.generation.number), loadedAt: served.loadedAt,
      lastReload: outcome.map {
        Manage.ReloadResult(finishedAt: $0.finishedAt, succeeded: $0.problems.isEmpty, problems: $0.problems.lines)
      },
      revision: served.generation.dataset.revision, dataset: served.generation.dataset.name,
      observations: Int64(served.generation.dataset.observations.count),
      reports: Int64(served.generation.reports.count),
      reloads: Int64(reloads.succeeded), failedReloads: Int64(reloads.failed),
      connections: Int64(server.openConnectionCount),
      connectionsTotal: Int64(server.acceptedConnectionCount),
      refusedConnections: counters(server.refusedConnectionCounts), calls: Int64(server.callCount),
      runningCalls: Int64(server.runningCallCount), runningRuns: Int64(running), waitingRuns: Int64(waiting),
      latencies: calls.latencies,
      errors: counters(server.errorReplyCounts),
      protocolErrors: counters(server.violationCounts), cacheEntries: Int64(cache.entries),
      cacheBytes: Int64(cache.bytes),
      cacheHits: Int64(cache.hits), cacheMisses: Int64(cache.misses), programs: programs(served.generation),
      exports: exports.map { Manage.Export($0) })
  }

  private func counters(_ counts: [String: Int]) -> [Manage.Counter] {
    counts.sorted { $0.key < $1.key }.map { Manage.Counter(name: $0.key, count: Int64($0.value)) }
  }

  private func reload() async throws -> ReplyParameters {
    do {
      let served = try await reloadAndLog(store, logger: logger)
      return try ReplyParameters(
        encoding: Manage.ReloadReply(
          generation: Int64(served.generation.number), revision: served.generation.dataset.revision))
    } catch let problems as ProblemList {
      throw Manage.ReloadFailed(problems: problems.problems.map(\.description), total: Int64(problems.total))
        .varlinkError
    }
  }
}

/// Reloads, and logs what came of it: each problem as an event of its own.
@discardableResult
func reloadAndLog(_ store: GenerationStore, logger: Logger) async throws(ProblemList) -> ServedGeneration {
  let start = monotonicMicroseconds()
  do {
    let served = try await store.reload()
    logger.notice(
      "reloaded",
      metadata: [
        "generation": "\(served.generation.number)", "revision": "\(served.generation.dataset.revision)",
        "duration-usec": "\(monotonicMicroseconds() - start)",
      ])
    warnOfUnseenAccounts(served.generation.configuration.access, logger: logger)
    warnOfExportFolder(served.generation.configuration, logger: logger)
    return served
  } catch {
    logger.error(
      "reload failed, the old generation keeps serving",
      metadata: ["generation": "\(store.current.generation.number)", "problems": "\(error.total)"])
    for line in error.lines { logger.error("\(line)") }
    throw error
  }
}

extension ReplyParameters {
  /// The parameters as the encoded object of a wire type.
  init(encoding value: some Encodable) throws {
    self = .object(try JSONValue(encoding: value).objectValue ?? [:])
  }
}

extension Manage.Export {
  fileprivate init(_ export: Exports.ExportState) {
    self.init(
      name: export.name, outcome: (export.last?.outcome).map { Manage.ExportOutcome(rawValue: $0.rawValue) },
      reason: export.last?.reason, finishedAt: export.last?.finishedAt,
      durationMicroseconds: export.last?.durationMicroseconds, writtenAt: export.writtenAt, size: export.size)
  }
}
