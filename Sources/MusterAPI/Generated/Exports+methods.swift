// Written by varlink-generator from the interface's description: change that, then run "make generate".
// What has no comment there says enough by its name.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import JSON

extension Exports {
  /// What `List` answers.
  ///
  /// Lists the exports in the order of the configuration.
  public struct ListReply: Codable, Hashable, JSONWritable, Sendable {
    /// Absent when there are no exports
    public var directory: String?
    /// Why the directory cannot be used
    public var problem: String?
    public var exports: [ExportState]

    public init(directory: String? = nil, problem: String? = nil, exports: [ExportState]) {
      self.directory = directory
      self.problem = problem
      self.exports = exports
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("directory", self.directory, to: &bytes)
        writeJSONMember("problem", self.problem, to: &bytes)
        writeJSONMember("exports", self.exports, to: &bytes)
      }
    }
  }

  /// What `Export` takes.
  ///
  /// Writes exports one after the other; one that fails keeps no other from being written. With more, each run is a reply of
  /// its own.
  public struct ExportParameters: Codable, Hashable, JSONWritable, Sendable {
    /// Those to write; none for all
    public var names: [String]?
    /// Whether all are meant
    public var all: Bool?
    /// Whether a file is written again that stays the same
    public var force: Bool?

    public init(names: [String]? = nil, all: Bool? = nil, force: Bool? = nil) {
      self.names = names
      self.all = all
      self.force = force
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("names", self.names, to: &bytes)
        writeJSONMember("all", self.all, to: &bytes)
        writeJSONMember("force", self.force, to: &bytes)
      }
    }
  }

  /// What `Export` answers.
  public struct ExportReply: Codable, Hashable, JSONWritable, Sendable {
    public var runs: [Run]

    public init(runs: [Run]) {
      self.runs = runs
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("runs", self.runs, to: &bytes)
      }
    }
  }

  /// What `Verify` takes.
  ///
  /// Holds a file against what it would be now: either that of an export, by name, or one that the caller has, by its
  /// manifest and digest.
  public struct VerifyParameters: Codable, Hashable, JSONWritable, Sendable {
    public var name: String?
    /// What stands in the file beside it that ends with .muster.json
    public var manifest: JSONObject?
    /// Of the file as it is, in hexadecimal
    public var sha256: String?
    /// What is in the file, when that is short, for the differences
    public var text: String?
    /// How many differences are listed; 20 when absent
    public var limit: Int64?

    public init(
      name: String? = nil, manifest: JSONObject? = nil, sha256: String? = nil, text: String? = nil, limit: Int64? = nil
    ) {
      self.name = name
      self.manifest = manifest
      self.sha256 = sha256
      self.text = text
      self.limit = limit
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("name", self.name, to: &bytes)
        writeJSONMember("manifest", self.manifest, to: &bytes)
        writeJSONMember("sha256", self.sha256, to: &bytes)
        writeJSONMember("text", self.text, to: &bytes)
        writeJSONMember("limit", self.limit, to: &bytes)
      }
    }
  }

  /// What `Verify` answers.
  public struct VerifyReply: Codable, Hashable, JSONWritable, Sendable {
    /// Whether the file is what was written and what would be written now
    public var identical: Bool
    /// The name of the export
    public var export: String
    /// The name under which it was written
    public var file: String
    public var report: String
    /// When, as ISO 8601 in UTC
    public var writtenAt: String
    /// Why it is not identical
    public var changes: [Change]
    /// Which cells, in words
    public var differences: [String]
    /// How many there are in all
    public var differencesTotal: Int64
    /// What else is worth knowing
    public var remarks: [String]
    /// The digest of the dataset now
    public var revision: String
    /// Of the file as it is, as it was written, and as it would be now
    public var sha256: String
    public var writtenSha256: String
    public var computedSha256: String

    public init(
      identical: Bool, export: String, file: String, report: String, writtenAt: String, changes: [Change],
      differences: [String], differencesTotal: Int64, remarks: [String], revision: String, sha256: String,
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

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("identical", self.identical, to: &bytes)
        writeJSONMember("export", self.export, to: &bytes)
        writeJSONMember("file", self.file, to: &bytes)
        writeJSONMember("report", self.report, to: &bytes)
        writeJSONMember("writtenAt", self.writtenAt, to: &bytes)
        writeJSONMember("changes", self.changes, to: &bytes)
        writeJSONMember("differences", self.differences, to: &bytes)
        writeJSONMember("differencesTotal", self.differencesTotal, to: &bytes)
        writeJSONMember("remarks", self.remarks, to: &bytes)
        writeJSONMember("revision", self.revision, to: &bytes)
        writeJSONMember("sha256", self.sha256, to: &bytes)
        writeJSONMember("writtenSha256", self.writtenSha256, to: &bytes)
        writeJSONMember("computedSha256", self.computedSha256, to: &bytes)
      }
    }
  }
}
