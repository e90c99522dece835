internal import Dataset
public import ReportKit

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

    public struct Parameter: Hashable, Sendable {
      public var name: String
      public var value: String
    }
  }

  /// The steps in the order in which they run, when nothing else is asked for than what the configuration says.
  public var steps: [Step] {
    // The compiler has gone through them with these arguments.
    guard let query = try? query(), let steps = try? steps(for: query) else { return [] }
    return steps
  }

  /// The steps in the order in which they answer the query.
  public func steps(for query: ReportQuery) throws(ParameterError) -> [Step] {
    let (_, arguments) = try run(query.arguments, where: query.narrowing)
    let plugins = [manifest] + transforms.map(\.plugin.manifest)
    return select(query.narrowing) + zip(plugins, arguments).map { Step($0, $1) }
  }

  private func select(_ narrowing: Selection) -> [Step] {
    let selection = selection.intersection(narrowing)
    let parameters = dataset.dimensions.enumerated().compactMap { index, dimension in
      selection[index].map { codes in
        Step.Parameter(name: dimension.id, value: codes.map { dimension.codes.ids[$0] }.joined(separator: ","))
      }
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
