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
  /// The integer field of the observations that is counted, such as `persons`.
  public var measure: Located<String>

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
    package: Located<String>, place: Located<String>, breakdown: Located<String>, measure: Located<String>
  ) {
    self.package = package
    self.place = place
    self.breakdown = breakdown
    self.measure = measure
  }
}
