/// Something that is not as it was when a file was written.
public struct ExportChange: Hashable, Sendable {
  /// What a file depends on.
  public enum Part: Hashable, Sendable {
    /// The dataset.
    case data
    /// What the configuration says of the export and its report.
    case configuration
    /// The programs that compute it.
    case plugins
    /// The file itself, or its manifest.
    case file
  }

  /// What it depends on.
  public var part: Part
  /// In words, as before -> now.
  public var text: String
}

/// What came of holding a file against what it would be now.
public struct Verification: Hashable, Sendable {
  /// Whether the file is what was written and what would be written now.
  public var isIdentical: Bool
  /// The name of the export.
  public var export: String
  /// The name under which the file was written.
  public var file: String
  /// The name of the report in it.
  public var report: String
  /// ISO 8601, in UTC.
  public var writtenAt: String
  /// Why it is not identical.
  public var changes: [ExportChange]
  /// Which cells, in words, as many as were asked for.
  public var differences: [String]
  /// How many there are in all.
  public var differenceCount: Int
  /// What else is worth knowing.
  public var remarks: [String]
  /// The digest of the dataset now.
  public var revision: String
  /// Of the file as it is, in hexadecimal.
  public var sha256: String
  /// Of the file as it was written, in hexadecimal.
  public var writtenSHA256: String
  /// Of the file as it would be now, in hexadecimal.
  public var computedSHA256: String
}

/// A file that is held against what it would be now.
public enum VerificationSubject: Sendable {
  /// That of the export of this name.
  case export(String)
  /// One that the caller has.
  ///
  /// - Parameters:
  ///   - manifest: the bytes of the manifest beside it.
  ///   - sha256: of the file as it is, in hexadecimal.
  ///   - text: what is in it; nil where that is long or no text.
  case file(manifest: [UInt8], sha256: String, text: String?)

  /// Bytes of a file that is compared as text. A caller that has a longer one gives no text.
  public static let textLimit = 256 << 10
}

/// Why a file cannot be held against anything.
public struct NotVerifiable: Error, Hashable, Sendable {
  /// In words, for people.
  public var reason: String
}
