// Written by varlink-generator from the interface's description: change that, then run "make generate".
// What has no comment there says enough by its name.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import JSON

extension Manage {
  /// What `Status` answers.
  ///
  /// What the daemon is and does.
  public struct StatusReply: Codable, Hashable, JSONWritable, Sendable {
    public var version: String
    public var processId: Int64
    /// Microseconds since 1970-01-01 00:00 UTC
    public var startedAt: Int64
    public var uptimeMicroseconds: Int64
    /// The path of the configuration file
    public var configuration: String
    /// Counts from 1, one more with each successful reload
    public var generation: Int64
    /// When the generation was loaded, in microseconds since 1970-01-01 00:00 UTC
    public var loadedAt: Int64
    /// The last reload that was asked for
    public var lastReload: ReloadResult?
    /// The digest of the dataset
    public var revision: String
    /// The name of the dataset
    public var dataset: String
    public var observations: Int64
    public var reports: Int64
    /// Since the start of the daemon
    public var reloads: Int64
    public var failedReloads: Int64
    public var connections: Int64
    public var connectionsTotal: Int64
    /// Connections refused, by the limit that was reached
    public var refusedConnections: [Counter]
    public var calls: Int64
    public var runningCalls: Int64
    /// Runs of reports that go on, and that wait for their turn
    public var runningRuns: Int64
    public var waitingRuns: Int64
    /// By method, since the start of the daemon
    public var latencies: [Latency]
    /// Error replies by the name of the error
    public var errors: [Counter]
    /// Connections closed for a breach of the protocol, by reason
    public var protocolErrors: [Counter]
    public var cacheEntries: Int64
    public var cacheBytes: Int64
    public var cacheHits: Int64
    public var cacheMisses: Int64
    /// The plugins that are programs
    public var programs: [Plugin]
    /// In the order of the configuration
    public var exports: [Export]

    public init(
      version: String, processId: Int64, startedAt: Int64, uptimeMicroseconds: Int64, configuration: String,
      generation: Int64, loadedAt: Int64, lastReload: ReloadResult? = nil, revision: String, dataset: String,
      observations: Int64, reports: Int64, reloads: Int64, failedReloads: Int64, connections: Int64,
      connectionsTotal: Int64, refusedConnections: [Counter], calls: Int64, runningCalls: Int64, runningRuns: Int64,
      waitingRuns: Int64, latencies: [Latency], errors: [Counter], protocolErrors: [Counter], cacheEntries: Int64,
      cacheBytes: Int64, cacheHits: Int64, cacheMisses: Int64, programs: [Plugin], exports: [Export]
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

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("version", self.version, to: &bytes)
        writeJSONMember("processId", self.processId, to: &bytes)
        writeJSONMember("startedAt", self.startedAt, to: &bytes)
        writeJSONMember("uptimeMicroseconds", self.uptimeMicroseconds, to: &bytes)
        writeJSONMember("configuration", self.configuration, to: &bytes)
        writeJSONMember("generation", self.generation, to: &bytes)
        writeJSONMember("loadedAt", self.loadedAt, to: &bytes)
        writeJSONMember("lastReload", self.lastReload, to: &bytes)
        writeJSONMember("revision", self.revision, to: &bytes)
        writeJSONMember("dataset", self.dataset, to: &bytes)
        writeJSONMember("observations", self.observations, to: &bytes)
        writeJSONMember("reports", self.reports, to: &bytes)
        writeJSONMember("reloads", self.reloads, to: &bytes)
        writeJSONMember("failedReloads", self.failedReloads, to: &bytes)
        writeJSONMember("connections", self.connections, to: &bytes)
        writeJSONMember("connectionsTotal", self.connectionsTotal, to: &bytes)
        writeJSONMember("refusedConnections", self.refusedConnections, to: &bytes)
        writeJSONMember("calls", self.calls, to: &bytes)
        writeJSONMember("runningCalls", self.runningCalls, to: &bytes)
        writeJSONMember("runningRuns", self.runningRuns, to: &bytes)
        writeJSONMember("waitingRuns", self.waitingRuns, to: &bytes)
        writeJSONMember("latencies", self.latencies, to: &bytes)
        writeJSONMember("errors", self.errors, to: &bytes)
        writeJSONMember("protocolErrors", self.protocolErrors, to: &bytes)
        writeJSONMember("cacheEntries", self.cacheEntries, to: &bytes)
        writeJSONMember("cacheBytes", self.cacheBytes, to: &bytes)
        writeJSONMember("cacheHits", self.cacheHits, to: &bytes)
        writeJSONMember("cacheMisses", self.cacheMisses, to: &bytes)
        writeJSONMember("programs", self.programs, to: &bytes)
        writeJSONMember("exports", self.exports, to: &bytes)
      }
    }
  }

  /// What `Reload` answers.
  ///
  /// Loads configuration and dataset anew. All of it takes effect at once, or nothing does.
  public struct ReloadReply: Codable, Hashable, JSONWritable, Sendable {
    public var generation: Int64
    public var revision: String

    public init(generation: Int64, revision: String) {
      self.generation = generation
      self.revision = revision
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("generation", self.generation, to: &bytes)
        writeJSONMember("revision", self.revision, to: &bytes)
      }
    }
  }

  /// What `Plugins` answers.
  ///
  /// Lists the reports, the transforms and the exporters, each in alphabetical order of their names.
  public struct PluginsReply: Codable, Hashable, JSONWritable, Sendable {
    public var plugins: [Plugin]

    public init(plugins: [Plugin]) {
      self.plugins = plugins
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("plugins", self.plugins, to: &bytes)
      }
    }
  }

  /// What `AuditPlugin` takes.
  ///
  /// Runs a report that uses the plugin twice, past the cache, and compares the results byte by byte.
  public struct AuditPluginParameters: Codable, Hashable, JSONWritable, Sendable {
    public var name: String

    public init(name: String) {
      self.name = name
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("name", self.name, to: &bytes)
      }
    }
  }

  /// What `AuditPlugin` answers.
  public struct AuditPluginReply: Codable, Hashable, JSONWritable, Sendable {
    /// The report that was run
    public var report: String
    /// Where the second result differs from the first; absent when they are the same
    public var difference: String?

    public init(report: String, difference: String? = nil) {
      self.report = report
      self.difference = difference
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("report", self.report, to: &bytes)
        writeJSONMember("difference", self.difference, to: &bytes)
      }
    }
  }

  /// What `SelfTest` answers.
  ///
  /// Computes the first rows of a report past every cache, as the watchdog does to see that the daemon works.
  public struct SelfTestReply: Codable, Hashable, JSONWritable, Sendable {
    /// Absent when no report can be run without parameters and without a program
    public var report: String?
    public var rows: Int64

    public init(report: String? = nil, rows: Int64) {
      self.report = report
      self.rows = rows
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("report", self.report, to: &bytes)
        writeJSONMember("rows", self.rows, to: &bytes)
      }
    }
  }
}
