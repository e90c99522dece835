internal import Base
package import Columnar
package import Model
package import TestSupport

/// A dataset in a folder of its own: a table with code lists, and whatever a test adds.
package final class TemporaryDataset {
  package let folder: TemporaryFolder
  private var resources: [String] = []

  package init() throws { folder = try TemporaryFolder() }

  /// Adds a resource of text fields; `schema` holds everything of the schema but those.
  @discardableResult
  package func table(_ name: String, _ csv: String, fields: String? = nil, schema: String = "") throws
    -> TemporaryDataset
  {
    let header = csv.prefix { $0 != "\n" }.split(separator: ",")
    let fields = fields ?? header.map { "{\"name\": \"\($0)\"}" }.joined(separator: ", ")
    let rest = schema.isEmpty ? "" : ", \(schema)"
    resources.append(
      "{\"name\": \"\(name)\", \"path\": \"\(name).csv\", \"schema\": {\"fields\": [\(fields)]\(rest)}}")
    try folder.write(csv, to: "\(name).csv")
    return self
  }

  @discardableResult
  package func codeList(_ name: String, _ csv: String) throws -> TemporaryDataset {
    try table(name, csv, schema: "\"primaryKey\": \"id\"")
  }

  package var packagePath: String { "\(folder.path)/datapackage.json" }

  package func configuration(place: String, breakdown: String, measure: String) throws -> DatasetConfiguration {
    let descriptor = """
      {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "test", "title": "Test",
       "resources": [
        \(resources.joined(separator: ",\n"))]}
      """
    try folder.write(descriptor, to: "datapackage.json")
    func name(_ value: String, _ line: Int) -> Located<String> {
      Located(value, file: "musterd.yaml", position: .text(line: line, column: 5))
    }
    var configuration = DatasetConfiguration(
      package: name(packagePath, 1), place: name(place, 2), breakdown: name(breakdown, 3), measure: name(measure, 4))
    configuration.repeated = repeated
    return configuration
  }

  /// What becomes of two counted numbers for one cell; an error unless a test says otherwise.
  package var repeated = RepeatedNumbers.error

  /// The engine of the dataset, whose folder stays until its texts are in memory.
  package func load(
    place: String, breakdown: String, measure: String, threads: Int? = nil
  ) async throws -> ColumnarEngine {
    defer { withExtendedLifetime(self) {} }
    return try await ColumnarEngine.load(
      configuration(place: place, breakdown: breakdown, measure: measure), threads: threads)
  }

  /// What loading it complains about, without the path of the folder.
  package func problems(of configuration: DatasetConfiguration) async -> [String] {
    do throws(ProblemList) {
      _ = try await ColumnarEngine.load(configuration, threads: 1)
      return []
    } catch {
      return error.lines.map { $0.replacing("\(folder.path)/", with: "") }
    }
  }
}

/// Counts by place (`here`, `there`) and kind (`old`, `new`), with nothing else said of them: no keys, roles or sources.
package func plainDataset(_ rows: String) throws -> TemporaryDataset {
  let dataset = try TemporaryDataset()
  try dataset.codeList("places", "id\nhere\nthere\n")
  try dataset.codeList("kinds", "id\nold\nnew\n")
  try dataset.table(
    "observations", "place,kind,count\n\(rows)",
    fields: #"{"name": "place"}, {"name": "kind"}, {"name": "count", "type": "integer"}"#,
    schema: "\"foreignKeys\": [\(foreignKey("place", "places")), \(foreignKey("kind", "kinds"))]")
  return dataset
}

/// The JSON of a foreign key of one field.
package func foreignKey(_ field: String, _ resource: String, _ referenced: String = "id") -> String {
  "{\"fields\": \"\(field)\", \"reference\": {\"resource\": \"\(resource)\", \"fields\": \"\(referenced)\"}}"
}

/// Ships of some ports by season: other names, other dimensions and other kinds of nothing than any shipped dataset.
package func harbourDataset() throws -> TemporaryDataset {
  let dataset = try TemporaryDataset()
  try dataset.codeList("ports", "id,name\nakra,Akra\nbergen,Bergen\ncadiz,Cádiz\ndover,\n")
  try dataset.codeList("seasons", "id,name,note\nwinter,Winter,cold\nsummer,Summer,\n")
  try dataset.codeList("logs", "id,name\nlog_1,First log\nlog_2,Second log\n")
  try dataset.table(
    "observations",
    #"""
    id,log,port,season,ships,role,part_of,locus,quote
    o1,log_1,akra,winter,3,counted,,p. 1,three ships
    o2,log_1,akra,summer,0,counted,,p. 1,none
    o3,log_1,bergen,winter,-,counted,,p. 2,"a dash, ""-"""
    o4,log_1,bergen,summer,,counted,,p. 2,
    o5,log_2,cadiz,winter,10,counted,,p. 3,ten
    o6,log_2,cadiz,winter,4,of_which,o5,p. 3,of those four
    o7,log_2,cadiz,summer,7,contested,,p. 4,seven
    o8,log_2,akra,winter,5,counted,,p. 5,five

    """#,
    fields: #"""
      {"name": "id"}, {"name": "log"}, {"name": "port", "title": "Port"}, {"name": "season"},
      {"name": "ships", "type": "integer", "title": "Ships", "unit": "ships",
       "missingValues": [{"value": "-", "label": "a dash"}, {"value": "", "label": "left out"}]},
      {"name": "role"}, {"name": "part_of"}, {"name": "locus"}, {"name": "quote"}
      """#,
    schema: "\"primaryKey\": \"id\", \"foreignKeys\": ["
      + [
        foreignKey("log", "logs"), foreignKey("port", "ports"), foreignKey("season", "seasons"),
        foreignKey("part_of", ""),
      ].joined(separator: ", ") + "]")
  try dataset.codeList("caveats", "id,text\nfog,Counted in fog\nguess,A guess\n")
  try dataset.table(
    "observation_caveats", "observation,caveat\no3,fog\no8,guess\no8,fog\no7,guess\n",
    schema: "\"foreignKeys\": [\(foreignKey("observation", "observations")), \(foreignKey("caveat", "caveats"))]")
  try dataset.codeList("schemes", "id,title,as_of,basis\nsea,Seas,1900,charts\n")
  try dataset.table(
    "blocs", "scheme,id,name\nsea,north,North Sea\nsea,south,Southern seas\n",
    schema: "\"primaryKey\": [\"scheme\", \"id\"], \"foreignKeys\": [\(foreignKey("scheme", "schemes"))]")
  try dataset.table(
    "bloc_members", "scheme,port,bloc,basis\nsea,bergen,north,lies there\nsea,akra,south,\nsea,cadiz,south,chart 5\n",
    schema: "\"primaryKey\": [\"scheme\", \"port\"], \"foreignKeys\": ["
      + [
        foreignKey("scheme", "schemes"), foreignKey("port", "ports"),
        #"{"fields": ["scheme", "bloc"], "reference": {"resource": "blocs", "fields": ["scheme", "id"]}}"#,
      ].joined(separator: ", ") + "]")
  try dataset.table(
    "stated_totals", "id,ships,log,locus,quote\nt1,19,log_1,p. 9,nineteen\nt2,-,log_2,p. 9,none given\n",
    fields: #"""
      {"name": "id"}, {"name": "ships", "type": "integer", "missingValues": ["-", "?"]}, {"name": "log"},
      {"name": "locus"}, {"name": "quote"}
      """#, schema: "\"primaryKey\": \"id\"")
  try dataset.table(
    "stated_total_scopes",
    "stated_total,dimension,code\nt1,port,akra\nt1,port,cadiz\nt1,season,winter\n",
    schema: "\"foreignKeys\": [\(foreignKey("stated_total", "stated_totals"))]")
  try dataset.codeList("discrepancies", "id,title,explanation\nd1,Nineteen or eighteen,The log miscounts\n")
  try dataset.table(
    "discrepancy_statements", "discrepancy,observation,stated_total\nd1,,t1\nd1,o5,\n",
    schema: "\"foreignKeys\": ["
      + [
        foreignKey("discrepancy", "discrepancies"), foreignKey("observation", "observations"),
        foreignKey("stated_total", "stated_totals"),
      ].joined(separator: ", ") + "]")
  return dataset
}
