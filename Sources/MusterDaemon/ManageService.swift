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
        encoding: try await audit((call.decode() as Manage.AuditParameters).name, in: served.generation))
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
      version: musterVersion, processId: Int(getpid()), startedAt: startedAt,
      uptimeMicroseconds: monotonicMicroseconds() - startedAtMonotonic, configuration: configurationPath,
      generation: served.generation.number, loadedAt: served.loadedAt,
      lastReload: outcome.map {
        Manage.ReloadResult(finishedAt: $0.finishedAt, succeeded: $0.problems.isEmpty, problems: $0.problems.lines)
      },
      revision: served.generation.dataset.revision, dataset: served.generation.dataset.name,
      observations: served.generation.dataset.observations.count, reports: served.generation.reports.count,
      reloads: reloads.succeeded, failedReloads: reloads.failed, connections: server.openConnectionCount,
      connectionsTotal: server.acceptedConnectionCount,
      refusedConnections: counters(server.refusedConnectionCounts), calls: server.callCount,
      runningCalls: server.runningCallCount, runningRuns: running, waitingRuns: waiting, latencies: calls.latencies,
      errors: counters(server.errorReplyCounts),
      protocolErrors: counters(server.violationCounts), cacheEntries: cache.entries, cacheBytes: cache.bytes,
      cacheHits: cache.hits, cacheMisses: cache.misses, programs: programs(served.generation),
      exports: exports.map(Manage.Export.init))
  }

  private func counters(_ counts: [String: Int]) -> [Manage.Counter] {
    counts.sorted { $0.key < $1.key }.map { Manage.Counter(name: $0.key, count: $0.value) }
  }

  private func reload() async throws -> ReplyParameters {
    do {
      let served = try await reloadAndLog(store, logger: logger)
      return try ReplyParameters(
        encoding: Manage.ReloadReply(
          generation: served.generation.number, revision: served.generation.dataset.revision))
    } catch let problems as ProblemList {
      throw Manage.ReloadFailed(problems: problems.problems.map(\.description), total: problems.total).varlinkError
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
