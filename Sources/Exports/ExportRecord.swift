/// What came of one run of an export.
///
/// It is kept as JSON beside the exported file: its names and their order are a form on disk, which later versions read.
public struct ExportRecord: Codable, Hashable, Sendable {
  /// How a run ended.
  public enum Outcome: String, Codable, Hashable, Sendable {
    /// The file is a new one.
    case written
    /// The file is as it was before, and was left alone.
    case unchanged
    /// No new file could be put into place.
    case failed
    /// Another run is writing the file.
    case busy
  }

  /// Of the export.
  public var name: String
  /// How it ended.
  public var outcome: Outcome
  /// Why it failed, or did not begin.
  public var reason: String?
  /// Microseconds since 1970.
  public var finishedAt: Int64
  /// From its begin to its end, waiting included.
  public var durationMicroseconds: Int64
  /// The digest of the dataset that it was run on.
  public var revision: String?
  /// Of the table, its totals not counted.
  public var rows: Int?
  /// Of the file.
  public var bytes: Int?
  /// Of the file, in hexadecimal.
  public var sha256: String?
  /// Whether a file of before is there as it was; nil when there was none, or when the run did not fail.
  public var untouched: Bool?
}
