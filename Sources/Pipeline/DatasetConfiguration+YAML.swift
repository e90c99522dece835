internal import Base
public import Model
public import YAML

extension DatasetConfiguration: NodeReadable {
  /// What `dataset` says, its path resolved against the file in which it is written.
  public init?(from node: Node, problems: ProblemCollector) {
    guard let map = MappingReader(node, of: "the dataset", keys: Self.keys, problems: problems) else { return nil }
    // Stands for what must be there until it is read.
    let unread = node.locate("")
    self.init(package: unread, place: unread, breakdown: unread, measure: unread)
    guard map.read(Self.keys, into: &self) else { return nil }
    package.value = resolve(package.value, relativeTo: package.file)
  }

  private typealias Name = MappingKey<Self, Located<String>>
  private typealias OptionalName = MappingKey<Self, Located<String>?>

  static var keys: [any ReadableKey<Self>] { playedParts + fields + resources }

  private static var playedParts: [any ReadableKey<Self>] {
    [
      Name("package", "path", .located(.name), default: .required, "The datapackage.json of the dataset", \.package),
      Name(
        "place", "dimension", .located(.name), default: .required,
        "The dimension that gets a row each in summaries, such as country", \.place),
      Name(
        "breakdown", "dimension", .located(.name), default: .required,
        "The dimension whose codes become columns, such as disposition", \.breakdown),
      Name(
        "measure", "field", .located(.name), default: .required,
        "The integer field of the observations that is added up, such as persons", \.measure),
      part(
        "source", "dimension", "The dimension that is the document in which a number is printed", \.source),
      part("observations", "resource", "The numbers, one a row", \.observations),
    ]
  }

  private static var fields: [any ReadableKey<Self>] {
    [
      part("role", "field", "The part an observation plays in sums: counted, of_which or contested", \.role),
      part("locus", "field", "Where in its source a statement stands", \.locus),
      part("quote", "field", "The source's own words", \.quote),
      OptionalName(
        "label", "field", .located(.name), default: .words("name, or else title"), "The names of codes in code lists",
        \.label),
    ]
  }

  private static var resources: [any ReadableKey<Self>] {
    [
      part("schemes", "resource", "Classifications of the places", \.schemes),
      part("blocs", "resource", "The blocs of each scheme", \.groups),
      part("bloc_members", "resource", "Which place is in which bloc, and why", \.groupMembers),
      part("stated_totals", "resource", "What the sources themselves claim sums to be", \.statedTotals),
      part(
        "stated_total_scopes", "resource", "What each stated total claims to cover", \.statedTotalScopes),
      part("caveats", "resource", "Reservations about observations", \.caveats),
      part(
        "observation_caveats", "resource", "Which caveats are on which observations", \.observationCaveats),
      part("discrepancies", "resource", "The ledger of acknowledged disagreements", \.discrepancies),
      part(
        "discrepancy_statements", "resource",
        "Which observations and stated totals each disagreement is between", \.discrepancyStatements),
      part("printed_tables", "resource", "How the sources lay out their tables", \.printedTables),
      part("printed_table_rows", "resource", "The rows of each, in printed order", \.printedTableRows),
      part("printed_table_columns", "resource", "The columns of each, in printed order", \.printedTableColumns),
    ]
  }

  /// What is found under the key's own name unless it is called otherwise.
  private static func part(
    _ name: String, _ type: String, _ summary: String, _ path: WritableKeyPath<Self, Located<String>?>
  ) -> OptionalName {
    OptionalName(name, type, .located(.name), default: .value(name), summary, path)
  }
}
