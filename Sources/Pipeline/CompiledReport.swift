public import Dataset
public import ReportKit

/// A report whose every step has been checked against its plugin and the dataset.
public struct CompiledReport: Sendable {
  public let name: String
  public let title: String
  public let summary: String
  let dataset: Snapshot
  let selection: Selection
  let plugin: any ReportPlugin
  /// The parameters of the report step that the configuration sets.
  let texts: [(name: String, text: String)]
  let transforms: [TransformStep]

  struct TransformStep: Sendable {
    let plugin: any TransformPlugin
    let texts: [(name: String, text: String)]
  }

  /// The names of the plugins, in the order in which they run.
  public var steps: [String] { [plugin.manifest.name] + transforms.map(\.plugin.manifest.name) }

  /// The parameters that may be given in `table(with:)`, with what the configuration sets as their defaults.
  public var parameters: [Parameter] {
    manifest.parameters.map { parameter in
      var parameter = parameter
      guard let text = texts.first(where: { $0.name == parameter.name })?.text else { return parameter }
      if let argument = try? manifest.check([(parameter.name, text)], in: dataset).get().values[parameter.name] {
        parameter.default = .value(argument)
      }
      return parameter
    }
  }

  /// The arguments of the report step: what the configuration sets, replaced by what is given, completed by defaults.
  public func arguments(with given: [String: String]) throws(ParameterErrors) -> Arguments {
    let kept = texts.filter { given[$0.name] == nil }
    let replaced = given.sorted { $0.key < $1.key }.map { (name: $0.key, text: $0.value) }
    return try manifest.check(kept + replaced, in: dataset).get()
  }

  /// The table with these arguments. Nothing is computed before its rows are read.
  ///
  /// - Parameter narrowing: which of the report's observations are looked at.
  public func table(with arguments: Arguments, where narrowing: Selection = .all) throws(ParameterError) -> Table {
    let selection = selection.intersection(narrowing)
    var table = try reportTable(selection, arguments)
    for step in transforms {
      let arguments: Arguments
      do {
        arguments = try step.plugin.manifest.check(step.texts, in: dataset, columns: table.columns).get()
      } catch {
        // Another scheme may yield other columns than those that the step was checked against.
        throw error.errors[0]
      }
      table = try step.plugin.transform(table, arguments: arguments)
    }
    return table
  }

  /// What the report step yields, with its totals.
  func reportTable(_ selection: Selection, _ arguments: Arguments) throws(ParameterError) -> Table {
    let mode = plugin.hasTotalsOfItsOwn ? nil : arguments[text: Parameter.totals.name].flatMap(TotalsMode.init)
    var table = try plugin.table(
      for: ReportRequest(
        dataset: dataset, selection: selection,
        arguments: mode == nil ? arguments : arguments.removing(Parameter.totals.name)))
    if let mode { table.rows = TotalledRows(table, of: dataset, selection: selection, mode: mode) }
    return table
  }

  var manifest: Manifest { plugin.reportManifest }
}

extension ReportPlugin {
  /// The manifest with what every report takes.
  var reportManifest: Manifest {
    var manifest = manifest
    if !hasTotalsOfItsOwn { manifest.parameters.append(.totals) }
    return manifest
  }

  fileprivate var hasTotalsOfItsOwn: Bool { manifest.parameters.contains { $0.name == Parameter.totals.name } }
}
