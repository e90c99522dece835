internal import Base
public import Model
public import YAML

extension DatasetConfiguration: NodeReadable {
  /// What `dataset` says, its path resolved against the file in which it is written.
  public init?(from node: Node, problems: ProblemCollector) {
    guard let map = MappingReader(node, of: "the dataset", keys: Self.keys, problems: problems) else { return nil }
    // Stands for what must be there until it is read.
    let unread = node.locate("")
    self.init(package: unread, place: unread, breakdown: unread)
    guard map.read(Self.keys, into: &self) else { return nil }
    package.value = resolve(package.value, relativeTo: package.file)
  }

  private typealias Name = MappingKey<Self, Located<String>>
  private typealias OptionalName = MappingKey<Self, Located<String>?>

  static var keys: [any ReadableKey<Self>] { playedParts + rules + fields + resources }

  private static var playedParts: [any ReadableKey<Self>] {
    [
      Name("package", "path", .located(.name), default: .required, "The datapackage.json of the dataset", \.package),
      Name(
        "place", "dimension", .located(.name), default: .required,
        "The dimension that gets a row each in summaries, such as country", \.place),
      Name(
        "breakdown", "dimension", .located(.name), default: .required,
        "The dimension whose codes become columns, such as disposition", \.breakdown),
      OptionalName(
        "measure", "field", .located(.name), default: .words("those of measures"),
        "The field of the observations with the numbers, such as persons", \.measure),
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
    [SchemesKey(), table(.blocs), table(.blocMembers), table(.statedTotals), table(.statedTotalScopes)]
      + [
        MappingKey<Self, Int>(
          "tolerance", "number", .integer(in: 0...1_000_000_000), default: .value("0"),
          "How far a stated total may lie from its sum and still agree", \.tolerance),
        MappingKey<Self, Int>(
          "rounded", "number", .integer(in: 1...1_000_000_000_000), default: .value("1"),
          "What stated totals are rounded to, such as 1000", \.rounded),
      ]
      + [
        table(.caveats), table(.observationCaveats), table(.discrepancies), table(.discrepancyStatements),
        table(.printedTables), table(.printedTableRows), table(.printedTableColumns),
      ]
  }

  private static func table(_ table: DatasetTable) -> OptionalName {
    part(table.rawValue, "resource", table.summary, table.configurationPath)
  }

  /// What is found under the key's own name unless it is called otherwise.
  private static func part(
    _ name: String, _ type: String, _ summary: String, _ path: WritableKeyPath<Self, Located<String>?>
  ) -> OptionalName {
    OptionalName(name, type, .located(.name), default: .value(name), summary, path)
  }
}
