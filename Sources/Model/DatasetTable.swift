package import Base

/// The tables that a dataset may have beside its observations: what each is usually called, and what it has in its fields.
/// The reader demands and looks at what stands here and nothing else, and the reference shows it.
///
/// The raw value is the usual name of the resource, and that of the key by which a configuration names another one.
public enum DatasetTable: String, Sendable, CaseIterable {
  case schemes
  case blocs
  case blocMembers = "bloc_members"
  case statedTotals = "stated_totals"
  case statedTotalScopes = "stated_total_scopes"
  case caveats
  case observationCaveats = "observation_caveats"
  case discrepancies
  case discrepancyStatements = "discrepancy_statements"
  case printedTables = "printed_tables"
  case printedTableRows = "printed_table_rows"
  case printedTableColumns = "printed_table_columns"

  /// A field of one of the tables.
  public struct Field: Hashable, Sendable {
    /// What the field is called.
    public let name: Name
    /// Whether it must be there.
    public let use: Use
    /// What stands in it.
    public let content: Content
    /// To what it needs a foreign key, where it is there.
    public let reference: Reference?
    /// Without a full stop.
    public let summary: String

    fileprivate init(
      _ name: Name, _ use: Use, is content: Content = .text, to reference: Reference? = nil, _ summary: String
    ) {
      self.name = name
      self.use = use
      self.content = content
      self.reference = reference
      self.summary = summary
    }

    /// Whether it may stand in the place of that field.
    func replaces(_ other: Field) -> Bool {
      if case .instead(of: let names) = use { names.contains(other.name) } else { false }
    }
  }

  /// What a field is called: always the same, or as the observations call what the configuration names.
  public enum Name: Hashable, Sendable, ExpressibleByStringLiteral {
    case named(String)
    /// As the dimension that is the place.
    case place
    /// As the dimension whose codes become columns.
    case breakdown
    /// As the dimension that is the source.
    case source
    /// As the dimension whose codes are measures.
    case indicator
    /// As the field with the numbers, or as one of several.
    case measure
    /// As the field with the place in the source.
    case locus
    /// As the field with the words of the source.
    case quote
    /// As the names of codes are called in code lists.
    case label

    /// A name that is always the same.
    public init(stringLiteral text: String) { self = .named(text) }
  }

  /// Whether a field must be there.
  public enum Use: Hashable, Sendable {
    /// It is part of the primary key.
    case key
    /// It is part of the primary key where a key without it would not tell rows apart.
    case furtherKey
    /// It must be there, and no row may leave it empty.
    case required
    case optional
    /// It may stand in the place of those fields.
    case instead(of: [Name])
  }

  /// What stands in a field.
  public enum Content: String, Hashable, Sendable {
    case text
    case integer
    case number
    case wholeNumber = "whole number"
    case day = "year, month or day"
  }

  /// To what a field refers by its primary key.
  public enum Reference: Hashable, Sendable {
    case table(DatasetTable)
    case observations
    /// The code list of the dimension that the field is called after.
    case codeList
  }

  /// What the table is for, without a full stop.
  public var summary: String {
    switch self {
    case .schemes: "Classifications of the codes of a dimension"
    case .blocs: "The blocs of each scheme"
    case .blocMembers: "Which place is in which bloc, and why"
    case .statedTotals: "What the sources themselves claim sums to be"
    case .statedTotalScopes: "What each stated total claims to cover"
    case .caveats: "Reservations about observations"
    case .observationCaveats: "Which caveats are on which observations"
    case .discrepancies: "The ledger of acknowledged disagreements"
    case .discrepancyStatements: "Which observations and stated totals each disagreement is between"
    case .printedTables: "How the sources lay out their tables"
    case .printedTableRows: "The rows of each, in printed order"
    case .printedTableColumns: "The columns of each, in printed order"
    }
  }

  /// In the order in which they are documented.
  public var fields: [Field] {
    switch self {
    case .schemes: Self.schemeFields
    case .blocs: Self.blocFields
    case .blocMembers: Self.memberFields
    case .statedTotals: Self.statedTotalFields
    case .statedTotalScopes: Self.scopeFields
    case .caveats:
      [
        Field("id", .key, "The key of the caveat"),
        Field("text", .required, "A sentence, which goes with the numbers into every sum and format"),
      ]
    case .observationCaveats:
      [
        Field("observation", .required, to: .observations, "The observation, which needs a key of one field"),
        Field("caveat", .required, to: .table(.caveats), "The caveat that is on it"),
      ]
    case .discrepancies:
      [
        Field("id", .key, "The key in the ledger"),
        Field("title", .required, "What disagrees, in a line"),
        Field("explanation", .optional, "Why it does"),
      ]
    case .discrepancyStatements: Self.ledgerFields
    case .printedTables: Self.printedTableFields
    case .printedTableRows: Self.headingFields(.place, "The code that the row is of")
    case .printedTableColumns: Self.headingFields(.breakdown, "The code that the column is of")
    }
  }

  private static let schemeFields = [
    Field("id", .key, "By which the scheme is asked for"),
    Field("title", .required, "The heading"),
    Field("dimension", .optional, "The dimension whose codes are grouped; the place where it is empty or not there"),
    Field(
      "as_of", .optional, is: .day,
      "The day for which it holds; it decides which memberships hold where there is no time"),
    Field("basis", .optional, "What it goes by"),
  ]

  private static let blocFields = [
    Field("scheme", .key, to: .table(.schemes), "The scheme that it is of"),
    Field("id", .key, "The bloc, unique in its scheme"),
    Field(.label, .optional, "For people; the id without it"),
    Field("parent", .optional, "The bloc of the same scheme that it lies in"),
  ]

  private static let memberFields = [
    Field("scheme", .key, to: .table(.schemes), "The scheme"),
    Field(.place, .key, to: .codeList, "The code that is in the bloc"),
    Field("code", .instead(of: [.place]), "The code, of whatever dimension the scheme groups; it needs no foreign key"),
    Field("bloc", .required, "The bloc that it is in; the title of this field is what reports call a bloc"),
    Field("valid_from", .furtherKey, is: .day, "From when it was in the bloc; empty for always"),
    Field("valid_to", .optional, is: .day, "Until when it was, that day included; empty for ever"),
    Field("basis", .optional, "Why it is in the bloc"),
  ]

  private static let statedTotalFields = [
    Field("id", .key, "The key of the total"),
    Field(
      .measure, .required, is: .number,
      "What it is stated to be; of several measures one or more, each in its own field"),
    Field(.indicator, .optional, "The measure, where measures are codes"),
    Field("tolerance", .optional, is: .wholeNumber, "How far it may lie from its sum and still agree"),
    Field("rounded", .optional, is: .wholeNumber, "What it is rounded to, such as 1000"),
    Field(.source, .optional, "The source that states it"),
    Field(.locus, .optional, "Where in the source"),
    Field(.quote, .optional, "The source's own words"),
  ]

  private static let scopeFields = [
    Field("stated_total", .required, to: .table(.statedTotals), "The total"),
    Field("dimension", .required, "The dimension of which it covers something; all of those that no row names"),
    Field("code", .required, "A code that it covers; several rows of a dimension are added"),
    Field("scheme", .optional, "The scheme of the bloc"),
    Field("bloc", .instead(of: ["code", "dimension"]), "A bloc, all codes of which it covers"),
    Field("under", .instead(of: ["code"]), "A code that contains others, all of which it covers"),
  ]

  private static let ledgerFields = [
    Field("discrepancy", .required, to: .table(.discrepancies), "The entry of the ledger"),
    Field("observation", .optional, to: .observations, "A number that takes part in it"),
    Field("stated_total", .optional, to: .table(.statedTotals), "A stated total that takes part in it"),
    Field(
      "difference", .optional, is: .integer,
      "By how much the total is known to lie above its sum, in units of the measure's last digit; with another the "
        + "disagreement is a new one"),
  ]

  private static let printedTableFields = [
    Field("id", .key, "The key of the table"),
    Field(.source, .required, to: .codeList, "The source that prints it"),
    Field("caption", .optional, "The words above it"),
    Field("corner", .optional, "What heads the column of places"),
    Field("total_label", .optional, "What heads the row of totals"),
    Field("note", .optional, "The words below it"),
  ]

  private static func headingFields(_ code: Name, _ summary: String) -> [Field] {
    [
      Field("table", .required, to: .table(.printedTables), "The table"),
      Field(code, .required, to: .codeList, summary),
      Field("label", .optional, "As it is printed"),
    ]
  }
}

extension DatasetTable {
  /// What is said to be missing where the package lacks the table, or a list of codes that it needs.
  var words: String {
    switch self {
    case .blocMembers: "the members of blocs"
    case .printedTableRows, .printedTableColumns: "printed tables"
    default: rawValue.replacing("_", with: " ")
    }
  }

  /// By which key a configuration names another resource, with what it names.
  package var configurationPath: WritableKeyPath<DatasetConfiguration, Located<String>?> {
    switch self {
    case .schemes: \.schemes
    case .blocs: \.groups
    case .blocMembers: \.groupMembers
    case .statedTotals: \.statedTotals
    case .statedTotalScopes: \.statedTotalScopes
    case .caveats: \.caveats
    case .observationCaveats: \.observationCaveats
    case .discrepancies: \.discrepancies
    case .discrepancyStatements: \.discrepancyStatements
    case .printedTables: \.printedTables
    case .printedTableRows: \.printedTableRows
    case .printedTableColumns: \.printedTableColumns
    }
  }
}
