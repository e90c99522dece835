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
  let inputs: [(name: String, input: ParameterInput)]
  let transforms: [TransformStep]
  let limits: StepLimits

  struct TransformStep: Sendable {
    let plugin: any TransformPlugin
    let inputs: [(name: String, input: ParameterInput)]
  }

  public func usesPlugin(named name: String) -> Bool {
    plugin.manifest.name == name || transforms.contains { $0.plugin.manifest.name == name }
  }

  /// The parameters that may be given in `table(with:)`, with what the configuration sets as their defaults.
  public var parameters: [Parameter] {
    manifest.parameters.map { parameter in
      var parameter = parameter
      guard let input = inputs.first(where: { $0.name == parameter.name }) else { return parameter }
      if let argument = try? manifest.check(inputs: [input], in: dataset).get().values[parameter.name] {
        parameter.default = .value(argument)
      }
      return parameter
    }
  }

  /// The arguments of the report step: what the configuration sets, replaced by what is given, completed by defaults.
  public func arguments(with given: [String: String]) throws(ParameterErrors) -> Arguments {
    let kept = inputs.filter { given[$0.name] == nil }
    let replaced = given.sorted { $0.key < $1.key }.map { (name: $0.key, input: ParameterInput.text($0.value)) }
    return try manifest.check(inputs: kept + replaced, in: dataset).get()
  }

  /// The table with these arguments. Nothing is computed before its rows are read.
  ///
  /// - Parameter narrowing: which of the report's observations are looked at.
  public func table(with arguments: Arguments, where narrowing: Selection = .all) throws(ParameterError) -> Table {
    try run(arguments, where: narrowing).table
  }

  /// The table, and the arguments of each step that makes it.
  func run(
    _ arguments: Arguments, where narrowing: Selection
  ) throws(ParameterError) -> (table: Table, arguments: [Arguments]) {
    let selection = selection.intersection(narrowing)
    var table = try reportTable(selection, arguments)
    var all = [arguments]
    for step in transforms {
      let manifest = step.plugin.manifest
      do {
        let arguments = try manifest.check(inputs: step.inputs, in: dataset, columns: table.columns).get()
        table = try step.plugin.transform(table, arguments: arguments, limits: limits)
        all.append(arguments)
      } catch {
        // Another scheme may yield other columns than those that the step was checked against.
        var first = error.errors[0]
        first.message = "the step \(manifest.name) does not fit what this yields: \(first.message)"
        throw first
      }
    }
    return (table, all)
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
  public var reportManifest: Manifest {
    var manifest = manifest
    if !hasTotalsOfItsOwn { manifest.parameters.append(.totals) }
    return manifest
  }

  fileprivate var hasTotalsOfItsOwn: Bool { manifest.parameters.contains { $0.name == Parameter.totals.name } }
}
