// Written by varlink-generator from the interface's description: change that, then run "make generate".
// What has no comment there says enough by its name.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import JSON

extension Exports {
  /// What came of a run.
  public enum Outcome: WireEnumeration {
    /// The file is new
    case written
    /// The file is as it was before, and was left alone
    case unchanged
    /// Nothing new is there; the reason says why
    case failed
    /// Another run is writing the file
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

  /// A run of an export.
  public struct Run: Codable, Hashable, JSONWritable, Sendable {
    /// The name of the export
    public var name: String
    public var outcome: Outcome
    /// Why it failed, or did not begin
    public var reason: String?
    /// Microseconds since 1970-01-01 00:00 UTC
    public var finishedAt: Int64
    public var durationMicroseconds: Int64
    /// The digest of the dataset that it was run on
    public var revision: String?
    /// Of the table, its totals not counted
    public var rows: Int64?
    /// Of the file
    public var bytes: Int64?
    /// Of the file, in hexadecimal
    public var sha256: String?
    /// Whether a file of before is there as it was; absent when there was none, or when it did not fail
    public var untouched: Bool?

    public init(
      name: String, outcome: Outcome, reason: String? = nil, finishedAt: Int64, durationMicroseconds: Int64,
      revision: String? = nil, rows: Int64? = nil, bytes: Int64? = nil, sha256: String? = nil, untouched: Bool? = nil
    ) {
      self.name = name
      self.outcome = outcome
      self.reason = reason
      self.finishedAt = finishedAt
      self.durationMicroseconds = durationMicroseconds
      self.revision = revision
      self.rows = rows
      self.bytes = bytes
      self.sha256 = sha256
      self.untouched = untouched
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("name", self.name, to: &bytes)
        writeJSONMember("outcome", self.outcome, to: &bytes)
        writeJSONMember("reason", self.reason, to: &bytes)
        writeJSONMember("finishedAt", self.finishedAt, to: &bytes)
        writeJSONMember("durationMicroseconds", self.durationMicroseconds, to: &bytes)
        writeJSONMember("revision", self.revision, to: &bytes)
        writeJSONMember("rows", self.rows, to: &bytes)
        writeJSONMember("bytes", self.bytes, to: &bytes)
        writeJSONMember("sha256", self.sha256, to: &bytes)
        writeJSONMember("untouched", self.untouched, to: &bytes)
      }
    }
  }

  /// A file that is written on request.
  public struct ExportState: Codable, Hashable, JSONWritable, Sendable {
    public var name: String
    /// The name of the report that is in it
    public var report: String
    /// The name of the exporter, which is that of the format
    public var exporter: String
    /// The name of the file in the directory
    public var file: String
    /// How many versions before the current one are kept
    public var keep: Int64
    /// Bytes of the file; absent when there is none
    public var size: Int64?
    /// When the file was written, in microseconds since 1970-01-01 00:00 UTC
    public var writtenAt: Int64?
    /// The last run, before a restart of the daemon too
    public var last: Run?

    public init(
      name: String, report: String, exporter: String, file: String, keep: Int64, size: Int64? = nil,
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

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("name", self.name, to: &bytes)
        writeJSONMember("report", self.report, to: &bytes)
        writeJSONMember("exporter", self.exporter, to: &bytes)
        writeJSONMember("file", self.file, to: &bytes)
        writeJSONMember("keep", self.keep, to: &bytes)
        writeJSONMember("size", self.size, to: &bytes)
        writeJSONMember("writtenAt", self.writtenAt, to: &bytes)
        writeJSONMember("last", self.last, to: &bytes)
      }
    }
  }

  /// What a file depends on.
  public enum Part: WireEnumeration {
    /// The dataset
    case data
    /// What the configuration says of the export and its report
    case configuration
    /// The programs that compute it
    case plugins
    /// The file itself
    case file
    /// A value of a newer version of the interface.
    case unknown(String)

    public static let known: [Self] = [.data, .configuration, .plugins, .file]

    public var rawValue: String {
      switch self {
      case .data: "data"
      case .configuration: "configuration"
      case .plugins: "plugins"
      case .file: "file"
      case .unknown(let value): value
      }
    }
  }

  /// Something that is not as it was when the file was written.
  public struct Change: Codable, Hashable, JSONWritable, Sendable {
    public var part: Part
    /// In words, as before -> now
    public var text: String

    public init(part: Part, text: String) {
      self.part = part
      self.text = text
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("part", self.part, to: &bytes)
        writeJSONMember("text", self.text, to: &bytes)
      }
    }
  }
}
