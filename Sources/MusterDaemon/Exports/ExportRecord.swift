/// What came of one run of an export.
///
/// It is kept as JSON beside the exported file: its names and their order are a form on disk, which later versions read.
struct ExportRecord: Codable, Hashable, Sendable {
  enum Outcome: String, Codable, Hashable, Sendable {
    case written
    /// The file is as it was before, and was left alone.
    case unchanged
    case failed
    /// Another run is writing the file.
    case busy
  }

  /// Of the export.
  var name: String
  var outcome: Outcome
  /// Why it failed, or did not begin.
  var reason: String?
  /// Microseconds since 1970.
  var finishedAt: Int64
  var durationMicroseconds: Int64
  /// The digest of the dataset that it was run on.
  var revision: String?
  /// Of the table, its totals not counted.
  var rows: Int?
  /// Of the file.
  var bytes: Int?
  /// Of the file, in hexadecimal.
  var sha256: String?
  /// Whether a file of before is there as it was; nil when there was none, or when the run did not fail.
  var untouched: Bool?
}
