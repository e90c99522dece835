public import Model
public import Query

/// Computes a table from the dataset.
///
/// A plugin is a value without state: the same request gives the same table, byte for byte.
public protocol ReportPlugin: Sendable {
  /// What the columns depend on beside the model and the arguments, such as which codes have contested numbers.
  associatedtype Survey: Sendable

  var manifest: Manifest { get }

  /// Asks the engine what the columns depend on, once for a request. Most reports need nothing.
  func survey(_ request: ReportRequest) async throws -> Survey

  /// The table that answers the request. Its columns are final; its rows are computed when they are read, so that a
  /// pipeline can be checked without running it. Nothing is asked of the engine here.
  ///
  /// Throws `ParameterError` when the parameters, each right by itself, do not fit together or the dataset.
  func table(for request: ReportRequest, survey: Survey) throws(ParameterError) -> Table
}

/// The survey of a report whose columns follow from the model and the arguments.
public struct NoSurvey: Sendable {
  /// There is nothing to know.
  public init() {}
}

extension ReportPlugin where Survey == NoSurvey {
  /// Asks nothing.
  public func survey(_ request: ReportRequest) async throws -> NoSurvey { NoSurvey() }
}

extension ReportPlugin {
  /// The report of a request, with what its columns depend on.
  public func surveyed(_ request: ReportRequest) async throws -> SurveyedReport {
    let survey = try await survey(request)
    return SurveyedReport { [self] () throws(ParameterError) in try table(for: request, survey: survey) }
  }
}

/// A report that can make the table of one request, any number of times.
public struct SurveyedReport: Sendable {
  private let make: @Sendable () throws(ParameterError) -> Table

  init(_ make: @escaping @Sendable () throws(ParameterError) -> Table) {
    self.make = make
  }

  /// The table, whose rows are computed anew each time. Throws as `ReportPlugin.table`.
  public func table() throws(ParameterError) -> Table { try make() }
}

/// What a report is asked for.
public struct ReportRequest: Sendable {
  /// Answers questions about the observations.
  public var engine: any QueryEngine
  /// The observations that the report may look at.
  public var selection: Selection
  /// Checked against the manifest, with defaults for what was not given.
  public var arguments: Arguments

  /// - Parameter arguments: checked against the plugin's manifest.
  public init(engine: any QueryEngine, selection: Selection, arguments: Arguments) {
    self.engine = engine
    self.selection = selection
    self.arguments = arguments
  }

  /// What the dataset is about.
  public var model: DatasetModel { engine.model }

  /// The value of a parameter.
  public subscript<Value>(_ parameter: Parameter<Value>) -> Value { arguments[parameter] }
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
  /// The usual case: the columns may change.
  public var keepsColumns: Bool { false }
}

/// What a step may use.
public struct StepLimits: Sendable {
  /// Estimated bytes of rows that it holds at one time; see `StepMemory`.
  public var memory: Int
  /// What all steps share.
  public var pool: StepMemoryPool

  /// - Parameters:
  ///   - memory: estimated bytes of rows.
  ///   - pool: what all steps share.
  public init(memory: Int = StepMemory.defaultLimit, pool: StepMemoryPool = StepMemoryPool()) {
    self.memory = memory
    self.pool = pool
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
  /// The usual case: bytes that a terminal can show.
  public var isText: Bool { true }
}

/// What an exporter knows before the first row.
public struct ExportHeader: Sendable {
  /// The report's name.
  public var report: String
  /// For people.
  public var title: String
  /// The digest of the dataset that the table is computed from.
  public var revision: String
  /// Those of the table, in their order.
  public var columns: [Column]
  /// The values of the report's parameters, in their order.
  public var parameters: [(name: String, value: String)]
  /// What the one who asked narrowed the report to: codes of dimensions.
  public var filter: [(dimension: String, codes: [String])]
  /// The dataset's title.
  public var dataset: String?
  /// The titles of the sources that the dataset is transcribed from.
  public var sources: [String]
  /// Nil where nobody can tell what is behind a cell.
  public var citations: CitationProvider?

  /// - Parameters:
  ///   - revision: the digest of the dataset.
  ///   - parameters: in the order of the report's manifest, as texts.
  ///   - filter: what the report was narrowed to, beside its own pipeline.
  ///   - citations: nil where nobody can tell what is behind a cell.
  public init(
    report: String, title: String, revision: String, columns: [Column],
    parameters: [(name: String, value: String)] = [], filter: [(dimension: String, codes: [String])] = [],
    dataset: String? = nil, sources: [String] = [], citations: CitationProvider? = nil
  ) {
    self.report = report
    self.title = title
    self.revision = revision
    self.columns = columns
    self.parameters = parameters
    self.filter = filter
    self.dataset = dataset
    self.sources = sources
    self.citations = citations
  }
}

/// The state of writing one table. Bytes are appended as soon as they are known; nothing depends on locale, time
/// zone or time.
public protocol TableEncoder {
  mutating func begin(into bytes: inout [UInt8])
  mutating func encode(_ batch: Batch, into bytes: inout [UInt8]) async throws
  /// - Parameters:
  ///   - notes: the notes on the table as a whole.
  ///   - totals: the rows below the table.
  mutating func finish(notes: [Note], totals: [TotalRow], into bytes: inout [UInt8]) async throws
}
