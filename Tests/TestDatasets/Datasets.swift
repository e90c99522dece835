internal import Base
internal import Columnar
internal import Model
package import Query
internal import TestSupport

/// The datasets that reports are tried on; each is loaded once.
package enum Datasets {
  private static let loadingMemorandum = Task { try await loadMemorandum(from: memorandumFolder) }
  private static let loadingHarbours = Task { try await loadHarbours() }

  package static var memorandum: any QueryEngine {
    get async throws { try await loadingMemorandum.value }
  }

  /// A dataset with other names, and without stated totals, ledger or printed tables.
  package static var harbours: any QueryEngine {
    get async throws { try await loadingHarbours.value }
  }

  /// The memorandum with other words in some of its files; each text must stand in its file once.
  package static func memorandum(
    replacing changes: [(file: String, text: String, with: String)]
  ) async throws -> any QueryEngine {
    let folder = try TemporaryFolder(copying: memorandumFolder)
    for (file, text, replacement) in changes {
      let before = try folder.read(file)
      guard before.ranges(of: text).count == 1 else { throw TestFailure("“\(text)” should be in \(file) once") }
      try folder.write(before.replacing(text, with: replacement), to: file)
    }
    let engine = try await loadMemorandum(from: folder.path)
    return withExtendedLifetime(folder) { engine }
  }

  private static func loadMemorandum(from folder: String) async throws -> any QueryEngine {
    try await ColumnarEngine.load(
      DatasetConfiguration(
        package: named("\(folder)/datapackage.json"), place: named("country"),
        breakdown: named("disposition"), measure: named("persons")))
  }

  private static func loadHarbours() async throws -> any QueryEngine {
    var configuration = DatasetConfiguration(
      package: named("\(harboursFolder)/datapackage.json"),
      place: named("harbour"), breakdown: named("cargo"), measure: named("ships"))
    var ships = MeasureConfiguration(name: named("ships"))
    ships.over = .each([(named("register"), .sum)])
    configuration.measures = [ships]
    configuration.observations = named("entries")
    configuration.source = named("register")
    configuration.role = named("kind")
    configuration.locus = named("page")
    configuration.label = named("label")
    configuration.schemes = named("groupings")
    configuration.groups = named("groups")
    configuration.groupMembers = named("group-members")
    return try await ColumnarEngine.load(configuration)
  }

  private static func named(_ name: String) -> Located<String> {
    Located(name, file: "musterd.yaml", position: .file)
  }
}
