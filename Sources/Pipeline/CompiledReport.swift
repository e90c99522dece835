internal import Query
public import ReportKit

/// A report whose every step has been checked against its plugin and the dataset.
public struct CompiledReport: Sendable {
  /// Unique among the reports, in kebab-case.
  public let name: String
  /// A heading for people; the name where the configuration has none.
  public let title: String
  /// A sentence; that of the report plugin where the configuration has none.
  public let summary: String
  let definition: ReportDefinition
  /// Of the report as the configuration has it.
  let plan: ReportPlan

  var engine: any QueryEngine { definition.engine }

  /// Those that the report has when nothing else is asked for than what the configuration says.
  public var columns: [Column] { plan.columns }

  func usesPlugin(named name: String) -> Bool {
    definition.manifest.name == name || definition.transforms.contains { $0.plugin.manifest.name == name }
  }

  /// The parameters that a run may set, with what the configuration sets as their defaults.
  public var parameters: [ParameterDeclaration] {
    let configured = Set(definition.inputs.map(\.name))
    return definition.manifest.parameters.map { parameter in
      var parameter = parameter
      if configured.contains(parameter.name), let argument = plan.arguments.values[parameter.name] {
        parameter.default = .value(argument)
      }
      return parameter
    }
  }

  /// What the report is asked for: its own parameters and observations, but for what is given here.
  ///
  /// - Throws: everything that is wrong with what is given.
  func arguments(_ given: [(name: String, input: ParameterInput)]) throws(ParameterErrors) -> Arguments {
    if given.isEmpty { return plan.arguments }
    return try definition.manifest.check(inputs: given, in: engine.model, over: plan.arguments).get()
  }

  /// The plan that answers the request. That of the configuration was made when it was loaded.
  func plan(for request: ResultRequest) async throws -> ReportPlan {
    if request.arguments == plan.arguments, request.filter == plan.filter { return plan }
    return try await definition.plan(request.arguments, request.filter)
  }
}
