public import JSON

/// The wire types of `org.muster.Exports`. What each field means stands in the interface's text.
public enum Exports {
  public static let interface = "org.muster.Exports"

  public enum Outcome: String, Codable, Hashable, Sendable, CaseIterable {
    case written, unchanged, failed, busy
  }

  public struct Run: Codable, Hashable, Sendable {
    public var name: String
    public var outcome: Outcome
    public var reason: String?
    public var finishedAt: Int64
    public var durationMicroseconds: Int64
    public var revision: String?
    public var rows: Int?
    public var bytes: Int?
    public var sha256: String?
    public var untouched: Bool?

    public init(name: String, outcome: Outcome, reason: String? = nil, finishedAt: Int64, durationMicroseconds: Int64) {
      self.name = name
      self.outcome = outcome
      self.reason = reason
      self.finishedAt = finishedAt
      self.durationMicroseconds = durationMicroseconds
    }
  }

  public struct Export: Codable, Hashable, Sendable {
    public var name: String
    public var report: String
    public var exporter: String
    public var file: String
    public var keep: Int
    public var size: Int?
    public var writtenAt: Int64?
    public var last: Run?

    public init(
      name: String, report: String, exporter: String, file: String, keep: Int, size: Int? = nil,
      writtenAt: Int64? = nil, last: Run? = nil
    ) {
      self.name = name
      self.report = report
      self.exporter = exporter
      self.file = file
      self.keep = keep
      self.size = size
      self.writtenAt = writtenAt
      self.last = last
    }
  }

  public enum Part: String, Codable, Hashable, Sendable, CaseIterable {
    case data, configuration, plugins, file
  }

  public struct Change: Codable, Hashable, Sendable {
    public var part: Part
    public var text: String

    public init(part: Part, text: String) {
      self.part = part
      self.text = text
    }
  }

  public struct ListReply: Codable, Hashable, Sendable {
    public var directory: String?
    public var problem: String?
    public var exports: [Export]

    public init(directory: String? = nil, problem: String? = nil, exports: [Export]) {
      self.directory = directory
      self.problem = problem
      self.exports = exports
    }
  }

  public struct ExportParameters: Codable, Hashable, Sendable {
    public var names: [String]?
    public var all: Bool?
    public var force: Bool?

    public init(names: [String]? = nil, all: Bool? = nil, force: Bool? = nil) {
      self.names = names
      self.all = all
      self.force = force
    }
  }

  public struct ExportReply: Codable, Hashable, Sendable {
    public var runs: [Run]

    public init(runs: [Run]) {
      self.runs = runs
    }
  }

  public struct VerifyParameters: Codable, Hashable, Sendable {
    public var name: String?
    public var manifest: JSONObject?
    public var sha256: String?
    public var text: String?
    public var limit: Int?

    public init(
      name: String? = nil, manifest: JSONObject? = nil, sha256: String? = nil, text: String? = nil, limit: Int? = nil
    ) {
      self.name = name
      self.manifest = manifest
      self.sha256 = sha256
      self.text = text
      self.limit = limit
    }
  }

  public struct VerifyReply: Codable, Hashable, Sendable {
    public var identical: Bool
    public var export: String
    public var file: String
    public var report: String
    public var writtenAt: String
    public var changes: [Change]
    public var differences: [String]
    public var differencesTotal: Int
    public var remarks: [String]
    public var revision: String
    public var sha256: String
    public var writtenSha256: String
    public var computedSha256: String

    public init(
      identical: Bool, export: String, file: String, report: String, writtenAt: String, changes: [Change],
      differences: [String], differencesTotal: Int, remarks: [String], revision: String, sha256: String,
      writtenSha256: String, computedSha256: String
    ) {
      self.identical = identical
      self.export = export
      self.file = file
      self.report = report
      self.writtenAt = writtenAt
      self.changes = changes
      self.differences = differences
      self.differencesTotal = differencesTotal
      self.remarks = remarks
      self.revision = revision
      self.sha256 = sha256
      self.writtenSha256 = writtenSha256
      self.computedSha256 = computedSha256
    }
  }
}

extension Exports {
  public struct NoSuchExport: ServiceError {
    public static let name = "org.muster.Exports.NoSuchExport"
    public var name: String
    public var suggestions: [String]

    public init(name: String, suggestions: [String]) {
      self.name = name
      self.suggestions = suggestions
    }
  }

  public struct NotVerifiable: ServiceError {
    public static let name = "org.muster.Exports.NotVerifiable"
    public var name: String
    public var reason: String

    public init(name: String, reason: String) {
      self.name = name
      self.reason = reason
    }
  }

  public struct LimitReached: ServiceError {
    public static let name = "org.muster.Exports.LimitReached"
    public var limit: String
    public var value: Int64
    public var reason: String

    public init(limit: String, value: Int64, reason: String) {
      self.limit = limit
      self.value = value
      self.reason = reason
    }
  }
}

extension Exports {
  /// What a manifest's name has behind that of its file.
  public static let manifestSuffix = ".muster.json"
  /// Bytes of a file that are worth handing over as `text`.
  public static let textLimit = 256 << 10
  /// Bytes of a manifest that is read at all.
  public static let manifestLimit = 4 << 20
}
