import Base
import ExporterPlugins
import Pipeline
import ReportPlugins
import TestSupport

/// A dataset as somebody would write it down: one table, code lists, and the part of the configuration that says what its
/// numbers are.
final class OwnData {
  private let folder: TemporaryFolder

  /// - Parameters:
  ///   - csv: the observations; the columns that are no numbers and have no type of their own are dimensions.
  ///   - codes: code lists by dimension; by default the codes that occur, with capital letters.
  ///   - fields: the columns with numbers; by default the last one, or the one before a source.
  ///   - missing: the missing values of the numbers, as JSON.
  ///   - more: lines of `dataset`.
  ///   - tables: further tables, each with what its schema has beside fields.
  init(
    _ csv: String, codes: [String: String] = [:], breakdown: String = "year", fields: [String] = [],
    extraNumbers: [String] = [], measures: String, missing: String = #"[{"value": "", "label": "not given"}]"#,
    more: String = "", tables: [String: (csv: String, schema: String)] = [:]
  ) throws {
    folder = try TemporaryFolder()
    let lines = csv.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let header = lines[0]
    let plain = ["source", "role"]
    let numbers =
      (fields.isEmpty ? [header.last { !plain.contains($0) } ?? ""] : fields) + extraNumbers
    var descriptors: [String] = []
    var schema: [String] = []
    var keys: [String] = []
    for (index, name) in header.enumerated() {
      if numbers.contains(name) {
        schema.append("{\"name\": \"\(name)\", \"type\": \"number\", \"missingValues\": \(missing)}")
      } else if name == "year" {
        schema.append("{\"name\": \"year\", \"type\": \"year\", \"title\": \"Year\"}")
      } else if plain.contains(name) {
        schema.append("{\"name\": \"\(name)\", \"type\": \"string\"}")
      } else {
        schema.append("{\"name\": \"\(name)\", \"type\": \"string\", \"title\": \"\(Self.capital(name))\"}")
        var seen: [String] = []
        for line in lines.dropFirst() where !seen.contains(line[index]) { seen.append(line[index]) }
        let list = codes[name] ?? "id,name\n" + seen.map { "\($0),\(Self.capital($0))\n" }.joined()
        let resource = name == "country" && tables.isEmpty ? "countries" : "\(name)s"
        try folder.write(list, to: "\(resource).csv")
        let columns = list.prefix { $0 != "\n" }.split(separator: ",").map { "{\"name\": \"\($0)\"}" }
        descriptors.append(
          "{\"name\": \"\(resource)\", \"path\": \"\(resource).csv\", \"schema\": {\"fields\": "
            + "[\(columns.joined(separator: ", "))], \"primaryKey\": \"id\"}}")
        keys.append(Self.key(name, resource))
      }
    }
    try folder.write(csv.hasSuffix("\n") ? csv : csv + "\n", to: "observations.csv")
    descriptors.append(
      "{\"name\": \"observations\", \"path\": \"observations.csv\", \"schema\": {\"fields\": "
        + "[\(schema.joined(separator: ", "))], \"foreignKeys\": [\(keys.joined(separator: ", "))]}}")
    for (name, table) in tables.sorted(by: { $0.key < $1.key }) {
      try folder.write(table.csv, to: "\(name).csv")
      let columns = table.csv.prefix { $0 != "\n" }.split(separator: ",").map { "{\"name\": \"\($0)\"}" }
      descriptors.append(
        "{\"name\": \"\(name)\", \"path\": \"\(name).csv\", \"schema\": {\"fields\": [\(columns.joined(separator: ", "))], "
          + "\(table.schema)}}")
    }
    try folder.write(
      "{\"$schema\": \"https://datapackage.org/profiles/2.0/datapackage.json\", \"name\": \"own\", \"resources\": ["
        + descriptors.joined(separator: ",\n") + "]}", to: "datapackage.json")
    try folder.write(
      """
      dataset:
        package: datapackage.json
        place: country
        breakdown: \(breakdown)
        measures: \(measures)
      \(more)reports:
        country-summary: { pipeline: [ country-summary ] }
        bloc-aggregate: { pipeline: [ \(more.contains("schemes") || !tables.isEmpty ? "bloc-aggregate" : "country-summary") ] }
        reconciliation: { pipeline: [ reconciliation ] }
        observations: { pipeline: [ observations ] }
        citations: { pipeline: [ citations ] }

      """, to: "m.yaml")
  }

  private static let registry = PluginRegistry(
    reports: [
      CountrySummary(), BlocAggregate(), ReconciliationReport(), ObservationsReport(), CitationsReport(),
    ],
    transforms: [],
    exporters: [CSVExporter(), MarkdownExporter()])

  /// The JSON of a foreign key to the ids of a code list.
  static func key(_ field: String, _ resource: String) -> String {
    "{\"fields\": \"\(field)\", \"reference\": {\"resource\": \"\(resource)\", \"fields\": \"id\"}}"
  }

  private static func capital(_ word: String) -> String { word.prefix(1).uppercased() + word.dropFirst() }

  func generation() async throws -> Generation {
    try await Generation.load(path: "\(folder.path)/m.yaml", registry: Self.registry)
  }

  /// What is wrong, without the path of the folder.
  func problems() async -> [String] {
    do throws(ProblemList) {
      _ = try await Generation.load(path: "\(folder.path)/m.yaml", registry: Self.registry)
      return []
    } catch {
      return error.lines.map { $0.replacing("\(folder.path)/", with: "") }
    }
  }

  /// The report as csv, with its totals as last lines.
  func table(
    _ report: String, _ parameters: [String: String] = [:], where filter: [(dimension: String, codes: [String])] = []
  ) async throws -> String {
    try await written(report, parameters, filter, "csv", ["totals": "true"])
  }

  /// The report as Markdown, with its notes.
  func page(
    _ report: String, _ parameters: [String: String] = [:], where filter: [(dimension: String, codes: [String])] = []
  ) async throws -> String {
    try await written(report, parameters, filter, "markdown", [:])
  }

  private func written(
    _ report: String, _ parameters: [String: String], _ filter: [(dimension: String, codes: [String])],
    _ format: String, _ formatParameters: [String: String]
  ) async throws -> String {
    let generation = try await generation()
    let request = try generation.request(
      report: report, parameters: parameters, where: filter, format: format, formatParameters: formatParameters)
    let bytes = try await Delivery(of: generation).run(request, to: CollectedBytes()).sink.bytes
    return String(decoding: bytes, as: UTF8.self)
  }
}
