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
    public var connections: Int
    public var connectionsTotal: Int
    public var calls: Int
    public var errors: [Counter]
    public var protocolErrors: [Counter]
    public var cacheEntries: Int
    public var cacheBytes: Int
    public var cacheHits: Int
    public var cacheMisses: Int

    public init(
      version: String, processId: Int, startedAt: Int64, uptimeMicroseconds: Int64, configuration: String,
      generation: Int, loadedAt: Int64, lastReload: ReloadResult? = nil, revision: String, dataset: String,
      observations: Int, reports: Int, connections: Int, connectionsTotal: Int, calls: Int, errors: [Counter],
      protocolErrors: [Counter], cacheEntries: Int, cacheBytes: Int, cacheHits: Int, cacheMisses: Int
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
      self.connections = connections
      self.connectionsTotal = connectionsTotal
      self.calls = calls
      self.errors = errors
      self.protocolErrors = protocolErrors
      self.cacheEntries = cacheEntries
      self.cacheBytes = cacheBytes
      self.cacheHits = cacheHits
      self.cacheMisses = cacheMisses
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
