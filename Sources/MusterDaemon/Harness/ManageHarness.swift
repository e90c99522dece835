internal import Base
internal import Exports
internal import ExternalPlugins
internal import Glibc
internal import JSON
internal import Model
internal import MusterAPI
internal import Pipeline
internal import PluginLaunch
internal import Posix
internal import Query
internal import Varlink
internal import VarlinkServer

/// `org.muster.Manage`.
struct ManageHarness: Harness {
  let interface: InterfaceDescription
  let service: ManageService
  let startedAt = currentMicroseconds()
  let startedAtMonotonic = monotonicMicroseconds()
  let configurationPath: String
  /// The server's own figures; it exists only after its interfaces.
  let statistics: @Sendable () -> ServerStatistics
  let calls: CallStatistics
  let exports: ExportsService

  func handle(
    _ call: Call, in served: ServedGeneration, replies: ReplyStream
  ) async throws -> ReplyParameters {
    switch call.methodName {
    case "Status": try await ReplyParameters(encoding: status(served))
    case "Reload": try await ReplyParameters(encoding: reload(served.generation.configuration.limits))
    case "Plugins":
      try ReplyParameters(
        encoding: Manage.PluginsReply(plugins: service.plugins(served.generation).map(Manage.Plugin.init)))
    case "AuditPlugin": try await ReplyParameters(encoding: audit(call.decode(), in: served.generation))
    case "SelfTest": try await ReplyParameters(encoding: selfTest(served.generation))
    default: throw VarlinkError.methodNotImplemented(call.method)
    }
  }

  private func reload(_ limits: Configuration.Limits) async throws -> Manage.ReloadReply {
    do {
      let generation = try await service.reload().generation
      return Manage.ReloadReply(generation: Int64(generation.number), revision: generation.model.revision)
    } catch {
      throw Manage.ReloadFailed(problems: error.listed(within: limits), total: Int64(error.total)).ofDaemon
    }
  }

  private func audit(
    _ parameters: Manage.AuditPluginParameters, in generation: Generation
  ) async throws -> Manage.AuditPluginReply {
    do {
      let audit = try await service.audit(parameters.name, in: generation)
      return Manage.AuditPluginReply(report: audit.report, difference: audit.difference)
    } catch let error as NoSuchPlugin {
      throw Manage.NoSuchPlugin(name: error.name, suggestions: error.suggestions).ofCaller
    } catch let error as AuditFailed {
      throw Manage.AuditFailed(name: parameters.name, reason: error.reason).ofDaemon
    }
  }

  private func selfTest(_ generation: Generation) async throws -> Manage.SelfTestReply {
    do {
      let (report, rowCount) = try await generation.selfTest()
      return Manage.SelfTestReply(report: report, rows: Int64(rowCount))
    } catch let error as SelfTestFailed {
      throw Manage.SelfTestFailed(report: error.report, reason: error.reason).ofDaemon
    }
  }

  private func status(_ served: ServedGeneration) async throws -> Manage.StatusReply {
    let exports = try await blocking { [exports] in exports.list(served.generation).exports }
    let (generation, server, cache) = (served.generation, statistics(), served.cache.statistics)
    let (running, waiting) = service.gate.counts
    let reloads = service.store.reloadCounts
    return Manage.StatusReply(
      version: musterVersion, processId: Int64(getpid()), startedAt: startedAt,
      uptimeMicroseconds: monotonicMicroseconds() - startedAtMonotonic, configuration: configurationPath,
      generation: Int64(generation.number), loadedAt: served.loadedAt,
      lastReload: service.store.lastOutcome.map {
        Manage.ReloadResult(finishedAt: $0.finishedAt, succeeded: $0.problems.isEmpty, problems: $0.problems.lines)
      },
      revision: generation.model.revision, dataset: generation.model.name,
      observations: Int64(generation.engine.observationCount), reports: Int64(generation.reports.count),
      reloads: Int64(reloads.succeeded), failedReloads: Int64(reloads.failed),
      connections: Int64(server.openConnectionCount), connectionsTotal: Int64(server.acceptedConnectionCount),
      refusedConnections: counters(server.refusedConnectionCounts), calls: Int64(server.callCount),
      runningCalls: Int64(server.runningCallCount), runningRuns: Int64(running), waitingRuns: Int64(waiting),
      latencies: calls.latencies.map(Manage.Latency.init), errors: counters(server.errorReplyCounts),
      protocolErrors: counters(server.violationCounts), cacheEntries: Int64(cache.entries),
      cacheBytes: Int64(cache.bytes), cacheHits: Int64(cache.hits), cacheMisses: Int64(cache.misses),
      programs: service.plugins(generation).filter { $0.program != nil }.map(Manage.Plugin.init),
      exports: exports.map(Manage.Export.init))
  }

  private func counters(_ counts: [String: Int]) -> [Manage.Counter] {
    counts.sorted { $0.key < $1.key }.map { Manage.Counter(name: $0.key, count: Int64($0.value)) }
  }
}

extension Manage.Plugin {
  fileprivate init(_ status: PluginStatus) {
    let kind: Manage.PluginKind =
      switch status.kind {
      case .report: .report
      case .transform: .transform
      case .exporter: .exporter
      }
    let program = status.program
    let state: Manage.PluginState = program == nil ? .shipped : program?.lastFailure == nil ? .ready : .failed
    self.init(
      name: status.name, kind: kind, summary: status.summary, state: state, reason: program?.lastFailure,
      runs: program.map { Int64($0.runs) }, failures: program.map { Int64($0.failures) },
      isolation: program?.isolation?.names)
  }
}

extension Isolation {
  /// As the interface lists them.
  fileprivate var names: [String] {
    [
      (Isolation.network, "network"), (.processes, "processes"), (.files, "files"), (.user, "user"),
      (.signals, "signals"),
    ].filter { contains($0.0) }.map(\.1)
  }
}

extension Manage.Latency {
  fileprivate init(_ latency: CallLatency) {
    self.init(
      method: latency.method, count: Int64(latency.count), sum: latency.sum, p50: latency.p50, p90: latency.p90,
      p99: latency.p99, max: latency.longest)
  }
}

extension Manage.Export {
  fileprivate init(_ state: ExportState) {
    let outcome: Manage.ExportOutcome? =
      switch state.last?.outcome {
      case .written?: .written
      case .unchanged?: .unchanged
      case .failed?: .failed
      case .busy?: .busy
      case nil: nil
      }
    self.init(
      name: state.export.name, outcome: outcome, reason: state.last?.reason, finishedAt: state.last?.finishedAt,
      durationMicroseconds: state.last?.durationMicroseconds, writtenAt: state.writtenAt,
      size: state.size.map(Int64.init))
  }
}
