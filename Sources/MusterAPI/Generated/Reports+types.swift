// Written by varlink-generator from the interface's description: change that, then run "make generate".
// What has no comment there says enough by its name.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import JSON

extension Reports {
  /// What the cells of a column hold.
  public enum ColumnKind: WireEnumeration {
    /// Strings
    case text
    /// Whole numbers, exact to 64 bits
    case integer
    /// Numbers with digits behind the point
    case decimal
    /// A value of a newer version of the interface.
    case unknown(String)

    public static let known: [Self] = [.text, .integer, .decimal]

    public var rawValue: String {
      switch self {
      case .text: "text"
      case .integer: "integer"
      case .decimal: "decimal"
      case .unknown(let value): value
      }
    }
  }

  /// A column of a result.
  public struct Column: Codable, Hashable, JSONWritable, Sendable {
    /// The key of its cells in each row
    public var name: String
    /// A heading for people
    public var title: String
    /// What its cells hold when they are not missing
    public var kind: ColumnKind
    /// What one unit of a number is
    public var unit: String?
    /// A sentence about what the column holds
    public var description: String?

    public init(name: String, title: String, kind: ColumnKind, unit: String? = nil, description: String? = nil) {
      self.name = name
      self.title = title
      self.kind = kind
      self.unit = unit
      self.description = description
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("name", self.name, to: &bytes)
        writeJSONMember("title", self.title, to: &bytes)
        writeJSONMember("kind", self.kind, to: &bytes)
        writeJSONMember("unit", self.unit, to: &bytes)
        writeJSONMember("description", self.description, to: &bytes)
      }
    }
  }

  /// What a note is about.
  public enum NoteKind: WireEnumeration {
    /// A caveat on observations, carried into every aggregate of them
    case caveat
    /// Why a number is missing
    case missing
    /// What the result covers or leaves out
    case scope
    /// A statement of a source that disagrees with what its numbers come to
    case discrepancy
    /// That a sum lacks some of its numbers, or contains estimates
    case coverage
    /// A value of a newer version of the interface.
    case unknown(String)

    public static let known: [Self] = [.caveat, .missing, .scope, .discrepancy, .coverage]

    public var rawValue: String {
      switch self {
      case .caveat: "caveat"
      case .missing: "missing"
      case .scope: "scope"
      case .discrepancy: "discrepancy"
      case .coverage: "coverage"
      case .unknown(let value): value
      }
    }
  }

  /// A cell of a result.
  public struct CellReference: Codable, Hashable, JSONWritable, Sendable {
    /// The row, counted from 0 over all replies; totals count on behind the rows
    public var row: Int64
    /// The name of the column
    public var column: String

    public init(row: Int64, column: String) {
      self.row = row
      self.column = column
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("row", self.row, to: &bytes)
        writeJSONMember("column", self.column, to: &bytes)
      }
    }
  }

  /// What kind of absence a missing number is.
  public enum MissingKind: WireEnumeration {
    /// There is no number: a sum goes without it
    case noNumber
    /// A mark that counts as 0
    case `nil`
    /// There is no such number, since what it would be made of does not add
    case notAdditive
    /// There is one, and it is not shown since it lacks some of its numbers
    case incomplete
    /// A value of a newer version of the interface.
    case unknown(String)

    public static let known: [Self] = [.noNumber, .`nil`, .notAdditive, .incomplete]

    public var rawValue: String {
      switch self {
      case .noNumber: "no_number"
      case .`nil`: "nil"
      case .notAdditive: "not_additive"
      case .incomplete: "incomplete"
      case .unknown(let value): value
      }
    }
  }

  /// Something that a reader of the numbers must know.
  public struct Note: Codable, Hashable, JSONWritable, Sendable {
    public var kind: NoteKind
    public var text: String
    /// The cells that it is about; empty for a note on the whole result
    public var cells: [CellReference]
    /// Of a note of the kind missing
    public var missing: MissingKind?

    public init(kind: NoteKind, text: String, cells: [CellReference], missing: MissingKind? = nil) {
      self.kind = kind
      self.text = text
      self.cells = cells
      self.missing = missing
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("kind", self.kind, to: &bytes)
        writeJSONMember("text", self.text, to: &bytes)
        writeJSONMember("cells", self.cells, to: &bytes)
        writeJSONMember("missing", self.missing, to: &bytes)
      }
    }
  }

  /// Numbers that lack in a sum for one reason.
  public struct Lack: Codable, Hashable, JSONWritable, Sendable {
    public var reason: String
    public var count: Int64

    public init(reason: String, count: Int64) {
      self.reason = reason
      self.count = count
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("reason", self.reason, to: &bytes)
        writeJSONMember("count", self.count, to: &bytes)
      }
    }
  }

  /// What a sum has of the numbers that belong in it, and between what it lies where it contains estimates.
  public struct Coverage: Codable, Hashable, JSONWritable, Sendable {
    /// How many numbers are in the sum, and how many should be; absent for an estimate that is no sum
    public var numbers: Int64?
    public var expected: Int64?
    /// Each reason once
    public var lacking: [Lack]
    /// Whether it is, or contains, an estimate
    public var isEstimate: Bool
    /// Between what an estimate lies, with all digits; absent where nobody can say
    public var lower: String?
    public var upper: String?
    /// The same for people
    public var words: String

    public init(
      numbers: Int64? = nil, expected: Int64? = nil, lacking: [Lack], isEstimate: Bool, lower: String? = nil,
      upper: String? = nil, words: String
    ) {
      self.numbers = numbers
      self.expected = expected
      self.lacking = lacking
      self.isEstimate = isEstimate
      self.lower = lower
      self.upper = upper
      self.words = words
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("numbers", self.numbers, to: &bytes)
        writeJSONMember("expected", self.expected, to: &bytes)
        writeJSONMember("lacking", self.lacking, to: &bytes)
        writeJSONMember("isEstimate", self.isEstimate, to: &bytes)
        writeJSONMember("lower", self.lower, to: &bytes)
        writeJSONMember("upper", self.upper, to: &bytes)
        writeJSONMember("words", self.words, to: &bytes)
      }
    }
  }

  /// The coverage of a cell of a result.
  public struct CellCoverage: Codable, Hashable, JSONWritable, Sendable {
    /// As of a CellReference
    public var row: Int64
    public var column: String
    public var coverage: Coverage

    public init(row: Int64, column: String, coverage: Coverage) {
      self.row = row
      self.column = column
      self.coverage = coverage
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("row", self.row, to: &bytes)
        writeJSONMember("column", self.column, to: &bytes)
        writeJSONMember("coverage", self.coverage, to: &bytes)
      }
    }
  }

  /// Where a total comes from.
  public enum TotalKind: WireEnumeration {
    /// What the observations come to
    case computed
    /// What a source says that they come to
    case stated
    /// A value of a newer version of the interface.
    case unknown(String)

    public static let known: [Self] = [.computed, .stated]

    public var rawValue: String {
      switch self {
      case .computed: "computed"
      case .stated: "stated"
      case .unknown(let value): value
      }
    }
  }

  /// A row below the others, which covers all of the report's rows, or all that a source claims to cover.
  public struct Total: Codable, Hashable, JSONWritable, Sendable {
    public var kind: TotalKind
    public var title: String
    /// Keyed by column name, like a row
    public var cells: JSONObject

    public init(kind: TotalKind, title: String, cells: JSONObject) {
      self.kind = kind
      self.title = title
      self.cells = cells
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("kind", self.kind, to: &bytes)
        writeJSONMember("title", self.title, to: &bytes)
        writeJSONMember("cells", self.cells, to: &bytes)
      }
    }
  }

  /// What a run is narrowed to in one dimension. Several of one dimension narrow it one after the other.
  public struct Filter: Codable, Hashable, JSONWritable, Sendable {
    public var dimension: String
    /// Codes. In a call each may also be latest or first, a range A..B, A.. or ..B of periods, or under:CODE for all that a
    /// code contains; what is exactly a code is that code. In a reply they are the codes that all of this came to.
    public var codes: [String]
    /// All that these codes contain, beside the codes above; never in a reply
    public var under: [String]?
    /// What is left out, as in codes: of all codes of the dimension where neither codes nor under name any. Never in a reply
    public var without: [String]?

    public init(dimension: String, codes: [String], under: [String]? = nil, without: [String]? = nil) {
      self.dimension = dimension
      self.codes = codes
      self.under = under
      self.without = without
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("dimension", self.dimension, to: &bytes)
        writeJSONMember("codes", self.codes, to: &bytes)
        writeJSONMember("under", self.under, to: &bytes)
        writeJSONMember("without", self.without, to: &bytes)
      }
    }
  }

  /// What a parameter takes.
  public enum ParameterKind: WireEnumeration {
    case text
    case integer
    case boolean
    /// One of the choices
    case choice
    /// A value of a newer version of the interface.
    case unknown(String)

    public static let known: [Self] = [.text, .integer, .boolean, .choice]

    public var rawValue: String {
      switch self {
      case .text: "text"
      case .integer: "integer"
      case .boolean: "boolean"
      case .choice: "choice"
      case .unknown(let value): value
      }
    }
  }

  /// A parameter of a report.
  public struct Parameter: Codable, Hashable, JSONWritable, Sendable {
    public var name: String
    /// A sentence about what it does
    public var summary: String
    public var kind: ParameterKind
    /// What holds when it is not given; absent when it must be given, or when nothing stands for it
    public var `default`: String?
    /// All that may be given, where that is a closed list
    public var choices: [String]?
    /// Whether it must be given
    public var required: Bool?

    public init(
      name: String, summary: String, kind: ParameterKind, `default`: String? = nil, choices: [String]? = nil,
      required: Bool? = nil
    ) {
      self.name = name
      self.summary = summary
      self.kind = kind
      self.default = `default`
      self.choices = choices
      self.required = required
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("name", self.name, to: &bytes)
        writeJSONMember("summary", self.summary, to: &bytes)
        writeJSONMember("kind", self.kind, to: &bytes)
        writeJSONMember("default", self.default, to: &bytes)
        writeJSONMember("choices", self.choices, to: &bytes)
        writeJSONMember("required", self.required, to: &bytes)
      }
    }
  }

  /// A step of a report.
  public struct Step: Codable, Hashable, JSONWritable, Sendable {
    /// The plugin, or select
    public var name: String
    /// A sentence about what it does
    public var summary: String
    /// What it goes by: for select the codes by dimension, separated by commas; for a plugin its parameters
    public var parameters: [String: String]

    public init(name: String, summary: String, parameters: [String: String]) {
      self.name = name
      self.summary = summary
      self.parameters = parameters
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("name", self.name, to: &bytes)
        writeJSONMember("summary", self.summary, to: &bytes)
        writeJSONMember("parameters", self.parameters, to: &bytes)
      }
    }
  }

  /// A format that results can be written in.
  public struct Format: Codable, Hashable, JSONWritable, Sendable {
    public var name: String
    public var summary: String
    public var mediaType: String
    /// Endings of file names that stand for this format, the usual one first
    public var fileExtensions: [String]
    /// Whether its content is text
    public var isText: Bool
    public var parameters: [Parameter]

    public init(
      name: String, summary: String, mediaType: String, fileExtensions: [String], isText: Bool, parameters: [Parameter]
    ) {
      self.name = name
      self.summary = summary
      self.mediaType = mediaType
      self.fileExtensions = fileExtensions
      self.isText = isText
      self.parameters = parameters
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("name", self.name, to: &bytes)
        writeJSONMember("summary", self.summary, to: &bytes)
        writeJSONMember("mediaType", self.mediaType, to: &bytes)
        writeJSONMember("fileExtensions", self.fileExtensions, to: &bytes)
        writeJSONMember("isText", self.isText, to: &bytes)
        writeJSONMember("parameters", self.parameters, to: &bytes)
      }
    }
  }

  /// A code of a dimension.
  public struct Code: Codable, Hashable, JSONWritable, Sendable {
    public var id: String
    public var name: String

    public init(id: String, name: String) {
      self.id = id
      self.name = name
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("id", self.id, to: &bytes)
        writeJSONMember("name", self.name, to: &bytes)
      }
    }
  }

  /// A way in which observations are told apart, such as by country.
  public struct Dimension: Codable, Hashable, JSONWritable, Sendable {
    public var name: String
    public var title: String
    public var codes: [Code]

    public init(name: String, title: String, codes: [Code]) {
      self.name = name
      self.title = title
      self.codes = codes
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("name", self.name, to: &bytes)
        writeJSONMember("title", self.title, to: &bytes)
        writeJSONMember("codes", self.codes, to: &bytes)
      }
    }
  }

  /// A report, in a list of reports.
  public struct ReportSummary: Codable, Hashable, JSONWritable, Sendable {
    public var name: String
    public var title: String
    /// A sentence about what the report shows
    public var summary: String

    public init(name: String, title: String, summary: String) {
      self.name = name
      self.title = title
      self.summary = summary
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("name", self.name, to: &bytes)
        writeJSONMember("title", self.title, to: &bytes)
        writeJSONMember("summary", self.summary, to: &bytes)
      }
    }
  }

  /// What becomes of an observation behind a cell.
  public enum EvidenceUse: WireEnumeration {
    /// It is added up
    case added
    /// It gives no number, so there is nothing to add
    case missing
    /// It is a part of another observation, shown and never added
    case ofWhich
    /// Its source contradicts it elsewhere; shown, never added
    case contested
    /// A value of a newer version of the interface.
    case unknown(String)

    public static let known: [Self] = [.added, .missing, .ofWhich, .contested]

    public var rawValue: String {
      switch self {
      case .added: "added"
      case .missing: "missing"
      case .ofWhich: "of_which"
      case .contested: "contested"
      case .unknown(let value): value
      }
    }
  }

  /// An observation behind a cell.
  public struct Evidence: Codable, Hashable, JSONWritable, Sendable {
    public var use: EvidenceUse
    /// Absent when the source gives no number, or one with decimals
    public var value: Int64?
    /// The number with all its digits; absent when the source gives none
    public var shown: String?
    /// The value as the source prints it
    public var printed: String
    /// Why there is no number
    public var missing: String?
    /// By the name of the dimension the name of its code
    public var codes: [String: String]
    public var id: String?
    public var source: String
    public var locus: String?
    /// The words of the source
    public var quote: String?
    public var caveats: [String]

    public init(
      use: EvidenceUse, value: Int64? = nil, shown: String? = nil, printed: String, missing: String? = nil,
      codes: [String: String], id: String? = nil, source: String, locus: String? = nil, quote: String? = nil,
      caveats: [String]
    ) {
      self.use = use
      self.value = value
      self.shown = shown
      self.printed = printed
      self.missing = missing
      self.codes = codes
      self.id = id
      self.source = source
      self.locus = locus
      self.quote = quote
      self.caveats = caveats
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("use", self.use, to: &bytes)
        writeJSONMember("value", self.value, to: &bytes)
        writeJSONMember("shown", self.shown, to: &bytes)
        writeJSONMember("printed", self.printed, to: &bytes)
        writeJSONMember("missing", self.missing, to: &bytes)
        writeJSONMember("codes", self.codes, to: &bytes)
        writeJSONMember("id", self.id, to: &bytes)
        writeJSONMember("source", self.source, to: &bytes)
        writeJSONMember("locus", self.locus, to: &bytes)
        writeJSONMember("quote", self.quote, to: &bytes)
        writeJSONMember("caveats", self.caveats, to: &bytes)
      }
    }
  }

  /// What a source states about a sum.
  public struct StatedTotal: Codable, Hashable, JSONWritable, Sendable {
    /// Absent for what is no integer
    public var value: Int64?
    /// As it is shown: the number, or the mark of a missing one
    public var shown: String
    public var source: String?
    public var locus: String?
    public var quote: String?
    public var agrees: Bool
    /// What the dataset's ledger says about a difference
    public var explanations: [String]

    public init(
      value: Int64? = nil, shown: String, source: String? = nil, locus: String? = nil, quote: String? = nil,
      agrees: Bool, explanations: [String]
    ) {
      self.value = value
      self.shown = shown
      self.source = source
      self.locus = locus
      self.quote = quote
      self.agrees = agrees
      self.explanations = explanations
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("value", self.value, to: &bytes)
        writeJSONMember("shown", self.shown, to: &bytes)
        writeJSONMember("source", self.source, to: &bytes)
        writeJSONMember("locus", self.locus, to: &bytes)
        writeJSONMember("quote", self.quote, to: &bytes)
        writeJSONMember("agrees", self.agrees, to: &bytes)
        writeJSONMember("explanations", self.explanations, to: &bytes)
      }
    }
  }

  /// Where stated totals and sums stand to each other.
  public enum ReconciliationStatus: WireEnumeration {
    case agrees
    /// The dataset's ledger explains it
    case acknowledged
    /// Nobody has explained it
    case unacknowledged
    /// A value of a newer version of the interface.
    case unknown(String)

    public static let known: [Self] = [.agrees, .acknowledged, .unacknowledged]

    public var rawValue: String {
      switch self {
      case .agrees: "agrees"
      case .acknowledged: "acknowledged"
      case .unacknowledged: "unacknowledged"
      case .unknown(let value): value
      }
    }
  }

  /// A stated total beside its sum, or statements that contradict each other.
  public struct ReconciliationEntry: Codable, Hashable, JSONWritable, Sendable {
    /// The id of the stated total, of the entry in the ledger, or of an observation
    public var id: String?
    public var status: ReconciliationStatus
    /// What it is about
    public var subject: String
    /// Whether it is a stated total, rather than a contradiction that no sum shows
    public var isTotal: Bool
    /// These are absent for what is no integer of 64 bits
    public var stated: Int64?
    public var computed: Int64?
    /// How far the stated total lies above the computed one
    public var difference: Int64?
    /// The same three with all their digits; absent where there is no number
    public var statedShown: String?
    public var computedShown: String?
    public var differenceShown: String?
    public var locus: String?
    /// The numbers that the sources state, each with its place
    public var statements: String?
    /// What the ledger says about it, or how it agrees where it does not do so exactly
    public var explanation: String?
    /// Single numbers that may be wrong: each would settle the difference
    public var candidates: String?

    public init(
      id: String? = nil, status: ReconciliationStatus, subject: String, isTotal: Bool, stated: Int64? = nil,
      computed: Int64? = nil, difference: Int64? = nil, statedShown: String? = nil, computedShown: String? = nil,
      differenceShown: String? = nil, locus: String? = nil, statements: String? = nil, explanation: String? = nil,
      candidates: String? = nil
    ) {
      self.id = id
      self.status = status
      self.subject = subject
      self.isTotal = isTotal
      self.stated = stated
      self.computed = computed
      self.difference = difference
      self.statedShown = statedShown
      self.computedShown = computedShown
      self.differenceShown = differenceShown
      self.locus = locus
      self.statements = statements
      self.explanation = explanation
      self.candidates = candidates
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("id", self.id, to: &bytes)
        writeJSONMember("status", self.status, to: &bytes)
        writeJSONMember("subject", self.subject, to: &bytes)
        writeJSONMember("isTotal", self.isTotal, to: &bytes)
        writeJSONMember("stated", self.stated, to: &bytes)
        writeJSONMember("computed", self.computed, to: &bytes)
        writeJSONMember("difference", self.difference, to: &bytes)
        writeJSONMember("statedShown", self.statedShown, to: &bytes)
        writeJSONMember("computedShown", self.computedShown, to: &bytes)
        writeJSONMember("differenceShown", self.differenceShown, to: &bytes)
        writeJSONMember("locus", self.locus, to: &bytes)
        writeJSONMember("statements", self.statements, to: &bytes)
        writeJSONMember("explanation", self.explanation, to: &bytes)
        writeJSONMember("candidates", self.candidates, to: &bytes)
      }
    }
  }
}
