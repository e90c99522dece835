public import Base
public import YAML

/// The files that the daemon writes: what `exports` says.
public struct ExportsConfiguration: Sendable {
  /// What a run of an export does while another one writes the same file.
  public enum Lock: String, Hashable, Sendable, CaseIterable {
    /// It waits for its turn, as long as `lockTimeout`.
    case wait
    /// It says so and ends.
    case report
  }

  /// Where the files are. Nil only where there are no exports.
  public var directory: Located<String>?
  /// What a run does while another one writes the same file.
  public var lock = Lock.wait
  /// How long it waits for its turn.
  public var lockTimeout = Duration.seconds(60)
  /// In written order, over all files.
  public var exports: [ExportConfiguration] = []

  /// No exports.
  public init() {}
}

/// An export as configured, not yet checked against reports and data. What is nil was reported as missing or wrong.
public struct ExportConfiguration: Sendable {
  /// Unique over all files.
  public var name: Located<String>
  /// The name of a report.
  public var report: Located<String>?
  /// A mapping of the report's parameters.
  public var parameters: Node?
  /// What dimensions are narrowed to.
  public var filter: [Entry<SelectionConfiguration>] = []
  /// The name of a format.
  public var exporter: Located<String>?
  /// A mapping of the exporter's parameters.
  public var formatParameters: Node?
  /// A plain name.
  public var file: Located<String>?
  /// How many of the versions before are kept.
  public var keep = usualKeep

  /// How many are kept when nothing is said.
  static let usualKeep = 0

  /// What the name of a manifest has behind that of its file.
  package static let manifestSuffix = ".muster.json"

  /// What may not stand at the end of a file's name, since the files beside it are named so.
  static let reservedSuffixes = [manifestSuffix, "~"]

  init(name: Located<String>) { self.name = name }
}
