// Written by varlink-generator from the interface's description: change that, then run "make generate".
// What has no comment there says enough by its name.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import JSON

extension Manage {
  /// A number under a name.
  public struct Counter: Codable, Hashable, JSONWritable, Sendable {
    public var name: String
    public var count: Int64

    public init(name: String, count: Int64) {
      self.name = name
      self.count = count
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("name", self.name, to: &bytes)
        writeJSONMember("count", self.count, to: &bytes)
      }
    }
  }

  /// The outcome of a reload.
  public struct ReloadResult: Codable, Hashable, JSONWritable, Sendable {
    /// When it ended, in microseconds since 1970-01-01 00:00 UTC
    public var finishedAt: Int64
    public var succeeded: Bool
    /// All that was wrong, as file:line:column: message
    public var problems: [String]

    public init(finishedAt: Int64, succeeded: Bool, problems: [String]) {
      self.finishedAt = finishedAt
      self.succeeded = succeeded
      self.problems = problems
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("finishedAt", self.finishedAt, to: &bytes)
        writeJSONMember("succeeded", self.succeeded, to: &bytes)
        writeJSONMember("problems", self.problems, to: &bytes)
      }
    }
  }

  /// What a plugin does.
  public enum PluginKind: WireEnumeration {
    /// Computes a table from the dataset
    case report
    /// Makes one table into another
    case transform
    /// Writes a table in a format
    case exporter
    /// A value of a newer version of the interface.
    case unknown(String)

    public static let known: [Self] = [.report, .transform, .exporter]

    public var rawValue: String {
      switch self {
      case .report: "report"
      case .transform: "transform"
      case .exporter: "exporter"
      case .unknown(let value): value
      }
    }
  }

  /// How a plugin is.
  public enum PluginState: WireEnumeration {
    /// It is a part of the daemon
    case shipped
    /// It is a program, and its last run went well or it had none
    case ready
    /// It is a program, and its last run failed
    case failed
    /// A value of a newer version of the interface.
    case unknown(String)

    public static let known: [Self] = [.shipped, .ready, .failed]

    public var rawValue: String {
      switch self {
      case .shipped: "shipped"
      case .ready: "ready"
      case .failed: "failed"
      case .unknown(let value): value
      }
    }
  }

  /// What pipelines are made of.
  public struct Plugin: Codable, Hashable, JSONWritable, Sendable {
    public var name: String
    public var kind: PluginKind
    /// A sentence about what it does
    public var summary: String
    public var state: PluginState
    /// Why the last run failed
    public var reason: String?
    /// Of a program since the start of the daemon
    public var runs: Int64?
    /// Runs that the plugin ended with an error
    public var failures: Int64?
    /// What the last run was kept apart from, beyond what always holds: network, processes, files, user, signals
    public var isolation: [String]?

    public init(
      name: String, kind: PluginKind, summary: String, state: PluginState, reason: String? = nil, runs: Int64? = nil,
      failures: Int64? = nil, isolation: [String]? = nil
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

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("name", self.name, to: &bytes)
        writeJSONMember("kind", self.kind, to: &bytes)
        writeJSONMember("summary", self.summary, to: &bytes)
        writeJSONMember("state", self.state, to: &bytes)
        writeJSONMember("reason", self.reason, to: &bytes)
        writeJSONMember("runs", self.runs, to: &bytes)
        writeJSONMember("failures", self.failures, to: &bytes)
        writeJSONMember("isolation", self.isolation, to: &bytes)
      }
    }
  }

  /// What came of a run of an export.
  public enum ExportOutcome: WireEnumeration {
    /// The file is new
    case written
    /// The file is as it was before, and was left alone
    case unchanged
    /// The file is as it was before
    case failed
    /// Another run was writing the file
    case busy
    /// A value of a newer version of the interface.
    case unknown(String)

    public static let known: [Self] = [.written, .unchanged, .failed, .busy]

    public var rawValue: String {
      switch self {
      case .written: "written"
      case .unchanged: "unchanged"
      case .failed: "failed"
      case .busy: "busy"
      case .unknown(let value): value
      }
    }
  }

  /// How a file that is written on request is.
  public struct Export: Codable, Hashable, JSONWritable, Sendable {
    public var name: String
    /// Of the last run, also before the start of the daemon; absent when there was none
    public var outcome: ExportOutcome?
    /// Why it failed
    public var reason: String?
    /// When it ended, in microseconds since 1970-01-01 00:00 UTC
    public var finishedAt: Int64?
    public var durationMicroseconds: Int64?
    /// When the file was written, in microseconds since 1970-01-01 00:00 UTC; absent when there is none
    public var writtenAt: Int64?
    /// Bytes of the file
    public var size: Int64?

    public init(
      name: String, outcome: ExportOutcome? = nil, reason: String? = nil, finishedAt: Int64? = nil,
      durationMicroseconds: Int64? = nil, writtenAt: Int64? = nil, size: Int64? = nil
    ) {
      self.name = name
      self.outcome = outcome
      self.reason = reason
      self.finishedAt = finishedAt
      self.durationMicroseconds = durationMicroseconds
      self.writtenAt = writtenAt
      self.size = size
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("name", self.name, to: &bytes)
        writeJSONMember("outcome", self.outcome, to: &bytes)
        writeJSONMember("reason", self.reason, to: &bytes)
        writeJSONMember("finishedAt", self.finishedAt, to: &bytes)
        writeJSONMember("durationMicroseconds", self.durationMicroseconds, to: &bytes)
        writeJSONMember("writtenAt", self.writtenAt, to: &bytes)
        writeJSONMember("size", self.size, to: &bytes)
      }
    }
  }

  /// How long calls of a method took, in microseconds. The percentiles are at most a sixteenth too long.
  public struct Latency: Codable, Hashable, JSONWritable, Sendable {
    public var method: String
    public var count: Int64
    /// Of all calls together
    public var sum: Int64
    public var p50: Int64
    public var p90: Int64
    public var p99: Int64
    public var max: Int64

    public init(method: String, count: Int64, sum: Int64, p50: Int64, p90: Int64, p99: Int64, max: Int64) {
      self.method = method
      self.count = count
      self.sum = sum
      self.p50 = p50
      self.p90 = p90
      self.p99 = p99
      self.max = max
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("method", self.method, to: &bytes)
        writeJSONMember("count", self.count, to: &bytes)
        writeJSONMember("sum", self.sum, to: &bytes)
        writeJSONMember("p50", self.p50, to: &bytes)
        writeJSONMember("p90", self.p90, to: &bytes)
        writeJSONMember("p99", self.p99, to: &bytes)
        writeJSONMember("max", self.max, to: &bytes)
      }
    }
  }
}
