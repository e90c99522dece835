public import Base
public import ReportKit

/// What a file in `plugins.d` says about one executable.
public struct ExternalManifest: Sendable {
  /// What the program is.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case report
    case transform
    case exporter
  }

  /// Which rows a report is given.
  public struct Query: Hashable, Sendable {
    /// What a row stands for.
    public enum Unit: String, Hashable, Sendable, CaseIterable {
      /// One row for each observation, in the order of the dataset.
      case observations
      /// One row for each combination of codes with observations, with the sum of those that are counted.
      case aggregates
    }

    /// What each row stands for.
    public var unit: Unit
    /// The ids of the dimensions that a row has a column for.
    public var dimensions: [Located<String>]
    /// The roles of the observations that make rows; aggregates have none but counted ones.
    public var roles: Set<Role>
  }

  /// The columns of what it writes.
  public enum Columns: Sendable {
    /// Those of what it reads.
    case same
    case list([Column])
  }

  /// What an exporter writes.
  public enum Content: String, Hashable, Sendable, CaseIterable {
    /// UTF-8.
    case text
    case binary
  }

  /// kebab-case.
  public var name: Located<String>
  /// What the program is.
  public var kind: Kind
  /// One line.
  public var summary: String
  /// An absolute path of a program, and its arguments.
  public var command: [String]
  /// Those that it takes, in the order in which they are listed.
  public var parameters: [ParameterDeclaration]
  /// What one process of it may use.
  public var limits: PluginLimits
  /// Whether it prints its manifest when it is started with `--describe`.
  public var describesItself: Bool
  /// Of a report.
  public var query: Query?
  /// Of a report or transform.
  public var columns: Columns
  /// Of an exporter.
  public var mediaType: String
  /// Of an exporter, without the dot.
  public var fileExtensions: [String]
  /// Of an exporter.
  public var content: Content
  /// Of an exporter: whether the last line that it reads has the totals, and the notes on the table as a whole.
  public var wantsNotes: Bool

  /// As a shipped plugin would say it.
  public var manifest: Manifest { Manifest(name: name.value, summary: summary, parameters: parameters) }
}
