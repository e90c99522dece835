/// Something that is not as it was when a file was written.
struct ExportChange: Hashable, Sendable {
  /// What a file depends on.
  enum Part: Hashable, Sendable {
    /// The dataset.
    case data
    /// What the configuration says of the export and its report.
    case configuration
    /// The programs that compute it.
    case plugins
    /// The file itself, or its manifest.
    case file
  }

  var part: Part
  /// In words, as before -> now.
  var text: String
}

/// What came of holding a file against what it would be now.
struct Verification: Hashable, Sendable {
  /// Whether the file is what was written and what would be written now.
  var isIdentical: Bool
  /// The name of the export.
  var export: String
  /// The name under which the file was written.
  var file: String
  var report: String
  /// ISO 8601, in UTC.
  var writtenAt: String
  /// Why it is not identical.
  var changes: [ExportChange]
  /// Which cells, in words, as many as were asked for.
  var differences: [String]
  /// How many there are in all.
  var differenceCount: Int
  /// What else is worth knowing.
  var remarks: [String]
  /// The digest of the dataset now.
  var revision: String
  /// Of the file as it is, as it was written, and as it would be now, in hexadecimal.
  var sha256: String
  var writtenSHA256: String
  var computedSHA256: String
}
