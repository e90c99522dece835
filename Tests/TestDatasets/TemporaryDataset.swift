internal import Base
public import Dataset
public import TestSupport

/// A dataset in a folder of its own: a table with code lists, and whatever a test adds.
public final class TemporaryDataset {
  public let folder: TemporaryFolder
  private var resources: [String] = []

  public init() throws { folder = try TemporaryFolder() }

  /// Adds a resource of text fields; `schema` holds everything of the schema but those.
  @discardableResult
  public func table(_ name: String, _ csv: String, fields: String? = nil, schema: String = "") throws
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

  /// Adds a resource whose key is `id`.
  @discardableResult
  public func codeList(_ name: String, _ csv: String) throws -> TemporaryDataset {
    try table(name, csv, schema: "\"primaryKey\": \"id\"")
  }

  /// The path of the descriptor, which `configuration` writes.
  public var packagePath: String { "\(folder.path)/datapackage.json" }

  /// Writes the descriptor, and names it and these fields from `musterd.yaml`, each in a line of its own.
  public func configuration(place: String, breakdown: String, measure: String) throws -> DatasetConfiguration {
    let descriptor = """
      {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "test", "title": "Test",
       "resources": [
        \(resources.joined(separator: ",\n"))]}
      """
    try folder.write(descriptor, to: "datapackage.json")
    func name(_ value: String, _ line: Int) -> Located<String> {
      Located(value, file: "musterd.yaml", position: .text(line: line, column: 5))
    }
    return DatasetConfiguration(
      package: name(packagePath, 1), place: name(place, 2), breakdown: name(breakdown, 3), measure: name(measure, 4))
  }

  /// Every problem of loading it as a line, with the folder left out.
  public func problems(of configuration: DatasetConfiguration) -> [String] {
    do {
      _ = try Snapshot.load(configuration, threads: 1)
      return []
    } catch {
      return error.lines.map { $0.replacing("\(folder.path)/", with: "") }
    }
  }
}

/// A foreign key as JSON; to the resource itself where it names none.
public func foreignKey(_ field: String, _ resource: String, _ referenced: String = "id") -> String {
  "{\"fields\": \"\(field)\", \"reference\": {\"resource\": \"\(resource)\", \"fields\": \"\(referenced)\"}}"
}
