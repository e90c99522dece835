/// The wire types of `org.muster.Manage`. What each field means stands in the interface's text.
public enum Manage {
  public static let interface = "org.muster.Manage"

  public struct Counter: Codable, Hashable, Sendable {
    public var name: String
    public var count: Int

    public init(name: String, count: Int) {
      self.name = name
      self.count = count
    }
  }

  public struct ReloadResult: Codable, Hashable, Sendable {
    public var finishedAt: Int64
    public var succeeded: Bool
    public var problems: [String]

    public init(finishedAt: Int64, succeeded: Bool, problems: [String]) {
      self.finishedAt = finishedAt
      self.succeeded = succeeded
      self.problems = problems
    }
  }

  public struct Latency: Codable, Hashable, Sendable {
    public var method: String
    public var count: Int
    public var sum: Int64
    public var p50: Int64
    public var p90: Int64
    public var p99: Int64
    public var max: Int64

    public init(method: String, count: Int, sum: Int64, p50: Int64, p90: Int64, p99: Int64, max: Int64) {
      self.method = method
      self.count = count
      self.sum = sum
      self.p50 = p50
      self.p90 = p90
      self.p99 = p99
      self.max = max
    }
  }

  public struct Export: Codable, Hashable, Sendable {
    public var name: String
    public var outcome: Exports.Outcome?
    public var reason: String?
    public var finishedAt: Int64?
    public var durationMicroseconds: Int64?
    public var writtenAt: Int64?
    public var size: Int?

    public init(_ export: Exports.Export) {
      name = export.name
      outcome = export.last?.outcome
      reason = export.last?.reason
      finishedAt = export.last?.finishedAt
      durationMicroseconds = export.last?.durationMicroseconds
      writtenAt = export.writtenAt
      size = export.size
    }
  }

  public struct StatusReply: Codable, Hashable, Sendable {
    public var version: String
    public var processId: Int
    public var startedAt: Int64
    public var uptimeMicroseconds: Int64
    public var configuration: String
    public var generation: Int
    public var loadedAt: Int64
    public var lastReload: ReloadResult?
    public var revision: String
    public var dataset: String
    public var observations: Int
    public var reports: Int
    public var reloads: Int
    public var failedReloads: Int
    public var connections: Int
    public var connectionsTotal: Int
    public var refusedConnections: [Counter]
    public var calls: Int
    public var runningCalls: Int
    public var runningRuns: Int
    public var waitingRuns: Int
    public var latencies: [Latency]
    public var errors: [Counter]
    public var protocolErrors: [Counter]
    public var cacheEntries: Int
    public var cacheBytes: Int
    public var cacheHits: Int
    public var cacheMisses: Int
    public var programs: [Plugin]
    public var exports: [Export]

    public init(
      version: String, processId: Int, startedAt: Int64, uptimeMicroseconds: Int64, configuration: String,
      generation: Int, loadedAt: Int64, lastReload: ReloadResult? = nil, revision: String, dataset: String,
      observations: Int, reports: Int, reloads: Int, failedReloads: Int, connections: Int, connectionsTotal: Int,
      refusedConnections: [Counter], calls: Int, runningCalls: Int, runningRuns: Int, waitingRuns: Int,
      latencies: [Latency], errors: [Counter], protocolErrors: [Counter], cacheEntries: Int, cacheBytes: Int,
      cacheHits: Int, cacheMisses: Int, programs: [Plugin], exports: [Export]
    ) {
      self.version = version
      self.processId = processId
      self.startedAt = startedAt
      self.uptimeMicroseconds = uptimeMicroseconds
      self.configuration = configuration
      self.generation = generation
      self.loadedAt = loadedAt
      self.lastReload = lastReload
      self.revision = revision
      self.dataset = dataset
      self.observations = observations
      self.reports = reports
      self.reloads = reloads
      self.failedReloads = failedReloads
      self.connections = connections
      self.connectionsTotal = connectionsTotal
      self.refusedConnections = refusedConnections
      self.calls = calls
      self.runningCalls = runningCalls
      self.runningRuns = runningRuns
      self.waitingRuns = waitingRuns
      self.latencies = latencies
      self.errors = errors
      self.protocolErrors = protocolErrors
      self.cacheEntries = cacheEntries
      self.cacheBytes = cacheBytes
      self.cacheHits = cacheHits
      self.cacheMisses = cacheMisses
      self.programs = programs
      self.exports = exports
    }
  }

  public struct Plugin: Codable, Hashable, Sendable {
    public var name: String
    public var kind: String
    public var summary: String
    public var state: String
    public var reason: String?
    public var runs: Int?
    public var failures: Int?
    public var isolation: [String]?

    public init(
      name: String, kind: String, summary: String, state: String, reason: String? = nil, runs: Int? = nil,
      failures: Int? = nil, isolation: [String]? = nil
    ) {
      self.name = name
      self.kind = kind
      self.summary = summary
      self.state = state
      self.reason = reason
      self.runs = runs
      self.failures = failures
      self.isolation = isolation
    }
  }

  public struct PluginsReply: Codable, Hashable, Sendable {
    public var plugins: [Plugin]

    public init(plugins: [Plugin]) {
      self.plugins = plugins
    }
  }

  public struct AuditParameters: Codable, Hashable, Sendable {
    public var name: String

    public init(name: String) {
      self.name = name
    }
  }

  public struct AuditReply: Codable, Hashable, Sendable {
    public var report: String
    public var difference: String?

    public init(report: String, difference: String? = nil) {
      self.report = report
      self.difference = difference
    }
  }

  public struct SelfTestReply: Codable, Hashable, Sendable {
    public var report: String?
    public var rows: Int

    public init(report: String? = nil, rows: Int) {
      self.report = report
      self.rows = rows
    }
  }

  public struct ReloadReply: Codable, Hashable, Sendable {
    public var generation: Int
    public var revision: String

    public init(generation: Int, revision: String) {
      self.generation = generation
      self.revision = revision
    }
  }
}
