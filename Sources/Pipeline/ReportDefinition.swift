internal import Base
internal import Query
public import ReportKit

/// The steps of a report, each with what the configuration gives it.
struct ReportDefinition: Sendable {
  let engine: any QueryEngine
  /// What `select` steps leave of the observations.
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

  /// That of the report step, with what every report takes.
  var manifest: Manifest { plugin.reportManifest }

  /// What the report step yields when it is asked for this, with its totals.
  func surveyed(_ arguments: Arguments, _ filter: Selection) async throws -> ReportPlan.Source {
    let mode = plugin.hasOwn(Parameter.totals.declaration) ? nil : arguments[Parameter.totals]
    let incomplete =
      plugin.hasOwn(Parameter.incomplete.declaration)
      ? .mark : arguments[Parameter.incomplete] ?? engine.model.incompleteSums
    // The plugin does not know of what every report takes.
    var own = arguments
    if mode != nil { own = own.removing(Parameter.totals.declaration.name) }
    if !plugin.hasOwn(Parameter.incomplete.declaration) {
      own = own.removing(Parameter.incomplete.declaration.name)
    }
    let selection = selection.intersection(filter)
    let request = ReportRequest(
      engine: engine, selection: selection, arguments: own)
    return ReportPlan.Source(
      report: try await plugin.surveyed(request), engine: engine, selection: selection, totals: mode,
      incomplete: incomplete)
  }

  /// The plan that answers this, where the steps were checked against another one.
  ///
  /// - Throws: `ParameterError`, also when what the report yields now does not fit the transforms; or what the survey
  ///   throws.
  func plan(_ arguments: Arguments, _ filter: Selection) async throws -> ReportPlan {
    var plan = ReportPlan(
      arguments: arguments, filter: filter, source: try await surveyed(arguments, filter), limits: limits)
    var table = try plan.source.table()
    for step in transforms {
      let manifest = step.plugin.manifest
      do {
        let arguments = try manifest.check(inputs: step.inputs, in: engine.model, columns: table.columns).get()
        table = try step.plugin.transform(table, arguments: arguments, limits: limits)
        plan.transforms.append(ReportPlan.Transform(plugin: step.plugin, arguments: arguments))
      } catch {
        // Another scheme may yield other columns than those that the step was checked against.
        var first = error.errors[0]
        first.message = "the step \(manifest.name) does not fit what this yields: \(first.message)"
        throw first
      }
    }
    plan.columns = table.columns
    return plan
  }
}

/// A report as it answers one question: every step's arguments are checked and typed, and nothing is computed yet.
struct ReportPlan: Sendable {
  let arguments: Arguments
  /// What is looked at of what the report selects.
  let filter: Selection
  let source: Source
  let limits: StepLimits
  var transforms: [Transform] = []
  /// Those of the table.
  var columns: [Column] = []

  /// The report step.
  struct Source: Sendable {
    let report: SurveyedReport
    let engine: any QueryEngine
    let selection: Selection
    /// Nil for a report that makes totals of its own.
    let totals: TotalsMode?
    let incomplete: IncompleteSums

    func table() throws(ParameterError) -> Table {
      var table = try report.table()
      if let totals {
        table.batches = TotalledRows(table, of: engine, selection: selection, mode: totals)
      }
      if incomplete != .mark { table.batches = IncompleteRows(table, rule: incomplete) }
      return table
    }
  }

  struct Transform: Sendable {
    let plugin: any TransformPlugin
    let arguments: Arguments
  }

  /// A table whose rows are computed when they are read.
  func table() throws -> Table {
    var table = try source.table()
    for step in transforms { table = try step.plugin.transform(table, arguments: step.arguments, limits: limits) }
    return table
  }
}

extension ReportPlugin {
  /// The manifest with what every report takes.
  public var reportManifest: Manifest {
    var manifest = manifest
    for common in [Parameter.totals.declaration, Parameter.incomplete.declaration] where !hasOwn(common) {
      manifest.parameters.append(common)
    }
    return manifest
  }

  fileprivate func hasOwn(_ parameter: ParameterDeclaration) -> Bool {
    manifest.parameters.contains { $0.name == parameter.name }
  }
}
