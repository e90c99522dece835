public import Base

/// Which parts of a data package play which part in the dataset. Every name knows where it was written.
///
/// A resource or field that is nil is found under its usual name and used if the package has it; one that is named
/// must exist.
public struct DatasetConfiguration: Sendable {
  /// The path of `datapackage.json`.
  public var package: Located<String>
  /// The dimension that is a place, such as `country`.
  public var place: Located<String>
  /// The dimension whose codes become columns, such as `disposition`.
  public var breakdown: Located<String>
  /// The field of numbers of the observations, such as `persons`; nil where `measures` names fields of their own.
  public var measure: Located<String>?
  /// What is said of measures, by their names; empty where the one of `measure` needs nothing said.
  public var measures: [MeasureConfiguration] = []
  /// The dimension whose codes are measures, such as `indicator`; nil where a field is one.
  public var indicator: Located<String>?
  /// The dimension of periods, by default the only one whose field is a year, a month or a date.
  public var time: Located<String>?
  /// Which codes of a dimension contain others.
  public var hierarchies: [HierarchyConfiguration] = []
  /// Which codes of a dimension are parts of others: the dimension, and the field of its code list that names the whole.
  public var parts: [(dimension: Located<String>, field: Located<String>)] = []
  /// The dimensions of which every combination should have a number; nil for place and time where there is a time.
  public var panel: [Located<String>]?
  /// Marks in the place of numbers that count as 0.
  public var nilMarks: [Located<String>] = []
  /// Of sources that give a number for the same, those that count before others.
  public var preferredSources: [Located<String>] = []
  /// What becomes of two counted numbers for one cell of one source.
  public var repeated = RepeatedNumbers.error
  /// What becomes of a sum that lacks some of its numbers.
  public var incomplete = IncompleteSums.mark
  /// Schemes whose groups stand in columns of a code list.
  public var columnSchemes: [SchemeConfiguration] = []

  /// The dimension that is the document in which a number is printed, by default `source` if there is such a dimension.
  public var source: Located<String>?
  /// The resource of the observations, by default `observations`; it must exist in any case.
  public var observations: Located<String>?
  /// The field of the observations with their role, by default `role`.
  public var role: Located<String>?
  /// The field that says where in its source a statement stands, by default `locus`.
  public var locus: Located<String>?
  /// The field with the verbatim text of a statement, by default `quote`.
  public var quote: Located<String>?
  /// The field of code lists with the name of a code, by default `name`.
  public var label: Located<String>?
  /// By default `schemes`.
  public var schemes: Located<String>?
  /// By default `blocs`.
  public var groups: Located<String>?
  /// By default `bloc_members`.
  public var groupMembers: Located<String>?
  /// By default `stated_totals`.
  public var statedTotals: Located<String>?
  /// By default `stated_total_scopes`.
  public var statedTotalScopes: Located<String>?
  /// How far a stated total may lie from its sum and still agree, in whole units of the measure, unless the table of stated
  /// totals says otherwise.
  public var tolerance = 0
  /// What stated totals are rounded to, in whole units of the measure, unless their table says otherwise; 1 where they are
  /// not.
  public var rounded = 1
  /// By default `caveats`.
  public var caveats: Located<String>?
  /// By default `observation_caveats`.
  public var observationCaveats: Located<String>?
  /// By default `discrepancies`.
  public var discrepancies: Located<String>?
  /// By default `discrepancy_statements`.
  public var discrepancyStatements: Located<String>?
  /// By default `printed_tables`.
  public var printedTables: Located<String>?
  /// By default `printed_table_rows`.
  public var printedTableRows: Located<String>?
  /// By default `printed_table_columns`.
  public var printedTableColumns: Located<String>?

  /// The parts without which there is no dataset; the others are found under their usual names.
  public init(
    package: Located<String>, place: Located<String>, breakdown: Located<String>, measure: Located<String>? = nil
  ) {
    self.package = package
    self.place = place
    self.breakdown = breakdown
    self.measure = measure
  }
}

/// What the configuration says of one measure.
public struct MeasureConfiguration: Sendable {
  /// By which it is asked for.
  public var name: Located<String>
  /// The field of the observations with its numbers; by default that of its name.
  public var field: Located<String>?
  /// A heading for people.
  public var title: String?
  /// What one of it is.
  public var unit: String?
  /// Digits behind the point, from 0 to 18; nil for as many as the data have.
  public var decimals: Int?
  /// What it does over dimensions.
  public var over: OverConfiguration?
  /// The fields with the bounds of numbers that are estimates.
  public var uncertain: (lower: Located<String>, upper: Located<String>)?
  /// The measure above the line, of one that is computed from two others; nil for one that observations give.
  public var ratioOf: Located<String>?
  /// The measure below the line; nil for one that observations give.
  public var ratioPer: Located<String>?
  /// What a ratio is multiplied by.
  public var times: Int64 = 1

  /// Nothing but the name.
  public init(name: Located<String>) {
    self.name = name
  }
}

/// What a measure does over dimensions.
public enum OverConfiguration: Sendable {
  /// The same over every dimension.
  case all(AggregationRule)
  /// By dimension; it adds over those that are not named.
  case each([(dimension: Located<String>, rule: AggregationRule)])
}

/// Which fields of a code list tell what contains a code.
public struct HierarchyConfiguration: Sendable {
  /// The dimension of the code list.
  public var dimension: Located<String>
  /// Fields with the id of what contains the code; each is a hierarchy of its own over the same codes.
  public var parents: [Located<String>] = []
  /// A boolean field that is true of codes that contain others although the list does not say which.
  public var aggregate: Located<String>?

  /// Nothing contains anything yet.
  public init(dimension: Located<String>) {
    self.dimension = dimension
  }
}

/// A scheme whose groups stand in columns of the code list.
public struct SchemeConfiguration: Sendable {
  /// Its id.
  public var name: Located<String>
  /// The dimension that it groups.
  public var of: Located<String>
  /// The fields of the code list that name the groups, the outermost first.
  public var columns: [Located<String>]
  /// For people; by default the titles of the columns.
  public var title: String?

  /// - Parameter columns: the outermost first; at least one.
  public init(name: Located<String>, of: Located<String>, columns: [Located<String>], title: String? = nil) {
    self.name = name
    self.of = of
    self.columns = columns
    self.title = title
  }
}

/// What becomes of two counted numbers for one cell of one source.
public enum RepeatedNumbers: String, Sendable, CaseIterable {
  /// They are an error, which names both places.
  case error
  /// They are added: every row is an event of its own.
  case add
}

/// What becomes of a sum that lacks some of its numbers.
public enum IncompleteSums: String, Hashable, Sendable, CaseIterable {
  /// It is shown with a mark, and what it lacks.
  case mark
  /// It is not shown.
  case omit
  /// It is shown as if it lacked nothing.
  case accept
}
