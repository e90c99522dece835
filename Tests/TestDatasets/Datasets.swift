internal import Base
public import Dataset
internal import TestSupport

/// The datasets that tests read; they are loaded once.
public enum Datasets {
  public static let memorandum = Result { try loadMemorandum(from: memorandumFolder) }

  /// A dataset with other names, and without stated totals, ledger or printed tables.
  public static let harbours = Result {
    var configuration = DatasetConfiguration(
      package: named("\(harboursFolder)/datapackage.json"), place: named("harbour"), breakdown: named("cargo"),
      measure: named("ships"))
    configuration.observations = named("entries")
    configuration.source = named("register")
    configuration.role = named("kind")
    configuration.locus = named("page")
    configuration.label = named("label")
    configuration.schemes = named("groupings")
    configuration.blocs = named("groups")
    configuration.blocMembers = named("group-members")
    return try Snapshot.load(configuration)
  }

  /// The memorandum with other words in some of its files, where each text must stand once.
  public static func memorandum(replacing changes: [(file: String, text: String, with: String)]) throws -> Snapshot {
    let folder = try TemporaryFolder(copying: memorandumFolder)
    for (file, text, replacement) in changes {
      let before = try folder.read(file)
      guard before.ranges(of: text).count == 1 else { throw TestFailure("“\(text)” should be in \(file) once") }
      try folder.write(before.replacing(text, with: replacement), to: file)
    }
    return try withExtendedLifetime(folder) { try loadMemorandum(from: folder.path) }
  }

  private static func loadMemorandum(from folder: String) throws -> Snapshot {
    try Snapshot.load(
      DatasetConfiguration(
        package: named("\(folder)/datapackage.json"), place: named("country"), breakdown: named("disposition"),
        measure: named("persons")))
  }

  private static func named(_ name: String) -> Located<String> { Located(name, file: "musterd.yaml", position: .file) }
}
