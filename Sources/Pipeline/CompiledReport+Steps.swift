internal import Base
internal import Model
internal import ReportKit

extension CompiledReport {
  /// A step as it runs.
  public struct Step: Hashable, Sendable {
    /// The plugin's name, or `select`.
    public var name: String
    /// One line: what the plugin does.
    public var summary: String
    /// Everything that the step goes by, in the order of the plugin's manifest, as it is written in a configuration: for
    /// `select` the codes by dimension, for a plugin the parameters with their defaults.
    public var parameters: [Parameter]

    /// One of the things that a step goes by.
    public struct Parameter: Hashable, Sendable {
      /// The name of a parameter; of a dimension for `select`, of a column for conditions.
      public var name: String
      /// As it is written in a configuration.
      public var value: String
    }
  }

  /// The steps in the order in which they run, when nothing else is asked for than what the configuration says.
  public var steps: [Step] { steps(of: plan) }

  func steps(of plan: ReportPlan) -> [Step] {
    select(plan) + [Step(definition.manifest, plan.arguments)]
      + plan.transforms.map { Step($0.plugin.manifest, $0.arguments) }
  }

  private func select(_ plan: ReportPlan) -> [Step] {
    let parameters = engine.model.codes(of: plan.source.selection).map { dimension, codes in
      Step.Parameter(name: dimension, value: commaSeparated(codes))
    }
    if parameters.isEmpty { return [] }
    return [
      Step(name: StepConfiguration.select, summary: "Looks at these observations only", parameters: parameters)
    ]
  }
}

extension CompiledReport.Step {
  fileprivate init(_ manifest: Manifest, _ arguments: Arguments) {
    self.init(
      name: manifest.name, summary: manifest.summary,
      parameters: manifest.parameters.flatMap { parameter -> [Parameter] in
        switch arguments.values[parameter.name] {
        case .conditions(let conditions)?:
          conditions.map { Parameter(name: $0.column, value: $0.test.description) }
        case let argument?: [Parameter(name: parameter.name, value: argument.description)]
        case nil: []
        }
      })
  }
}

extension DatasetModel {
  /// The codes that a selection allows, by dimension in the dataset's order; only of dimensions that it restricts.
  func codes(of selection: Selection) -> [(dimension: String, codes: [String])] {
    selection.restrictions.map { restriction in
      let dimension = dimensions[restriction.dimension]
      return (dimension.id, restriction.codes.map { dimension.codes.ids[$0] })
    }
  }
}
