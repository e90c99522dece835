public import Dataset

/// Computes a table from the dataset.
///
/// A plugin is a value without state: the same request gives the same table, byte for byte.
public protocol ReportPlugin: Sendable {
  var manifest: Manifest { get }

  /// The table that answers the request. Its columns are final; its rows are computed when they are read, so that a
  /// pipeline can be checked without running it.
  ///
  /// Throws `ParameterError` when the parameters, each right by itself, do not fit together or the dataset.
  func table(for request: ReportRequest) throws(ParameterError) -> Table
}

/// What a report is asked for.
public struct ReportRequest: Sendable {
  public var dataset: Snapshot
  /// The observations that the report may look at.
  public var selection: Selection
  public var arguments: Arguments

  public init(dataset: Snapshot, selection: Selection, arguments: Arguments) {
    self.dataset = dataset
    self.selection = selection
    self.arguments = arguments
  }
}

/// Makes one table into another.
public protocol TransformPlugin: Sendable {
  var manifest: Manifest { get }

  /// The transformed table; like a report's, its columns are final and its rows are computed when they are read.
  /// Notes, totals and the observations behind each cell go through it.
  ///
  /// Throws everything that is wrong with the parameters, each right by itself, in view of the columns.
  func transform(_ table: Table, arguments: Arguments, limits: StepLimits) throws(ParameterErrors) -> Table

  /// Whether the columns go through as they are, whatever the arguments; false unless the transform says otherwise.
  var keepsColumns: Bool { get }
}

extension TransformPlugin {
  public var keepsColumns: Bool { false }
}

/// What a step may use.
public struct StepLimits: Hashable, Sendable {
  /// Estimated bytes of rows that it holds at one time; see `StepMemory`.
  public var memory: Int

  public init(memory: Int = StepMemory.defaultLimit) {
    self.memory = memory
  }
}

/// Writes a table as bytes.
public protocol ExporterPlugin: Sendable {
  /// Its name is the format's name.
  var manifest: Manifest { get }
  /// Such as `text/csv; charset=utf-8`.
  var mediaType: String { get }
  /// Endings of file names that choose this format, without the dot; the first is the usual one.
  var fileExtensions: [String] { get }
  /// Whether the bytes are UTF-8; true unless the exporter says otherwise.
  var isText: Bool { get }

  func encoder(for header: ExportHeader, arguments: Arguments) throws(ParameterError) -> any TableEncoder
}

extension ExporterPlugin {
  public var isText: Bool { true }
}

/// What an exporter knows before the first row.
public struct ExportHeader: Sendable {
  /// The report's name.
  public var report: String
  public var title: String
  /// The digest of the dataset that the table is computed from.
  public var revision: String
  public var columns: [Column]
  /// The values of the report's parameters, in their order.
  public var parameters: [(name: String, value: String)]
  /// What the one who asked narrowed the report to: codes of dimensions.
  public var narrowing: [(dimension: String, codes: [String])]
  /// The dataset's title.
  public var dataset: String?
  /// The titles of the sources that the dataset is transcribed from.
  public var sources: [String]
  /// Nil where nobody can tell what is behind a cell.
  public var citations: CitationProvider?

  public init(
    report: String, title: String, revision: String, columns: [Column],
    parameters: [(name: String, value: String)] = [], narrowing: [(dimension: String, codes: [String])] = [],
    dataset: String? = nil, sources: [String] = [], citations: CitationProvider? = nil
  ) {
    self.report = report
    self.title = title
    self.revision = revision
    self.columns = columns
    self.parameters = parameters
    self.narrowing = narrowing
    self.dataset = dataset
    self.sources = sources
    self.citations = citations
  }
}

/// The state of writing one table. Bytes are appended as soon as they are known; nothing depends on locale, time
/// zone or time.
public protocol TableEncoder {
  mutating func begin(into bytes: inout [UInt8])
  mutating func encode(_ rows: [Row], into bytes: inout [UInt8]) async throws
  /// - Parameters:
  ///   - notes: the notes on the table as a whole.
  ///   - totals: the rows below the table.
  mutating func finish(notes: [Note], totals: [TotalRow], into bytes: inout [UInt8]) async throws
}
