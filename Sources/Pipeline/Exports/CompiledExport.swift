/// An export that has been checked against the reports, the exporters and the dataset.
public struct CompiledExport: Sendable {
  /// Unique among the exports.
  public let name: String
  /// A plain name in the folder of exports, unique among them.
  public let file: String
  /// How many of the versions before are kept.
  public let keep: Int
  /// What is in the file; it has a format.
  public let request: ResultRequest
}

extension Generation {
  /// The export of that name; nil when there is none.
  public func export(named name: String) -> CompiledExport? {
    exports.first { $0.name == name }
  }
}
