internal import Base
public import Model

/// The arguments of one step: every parameter of its manifest is there and of the right kind, unless its default is
/// `firstChoice` and the dataset has none.
public struct Arguments: Hashable, Sendable {
  /// By the name of the parameter. An optional one that was not given is not there.
  public private(set) var values: [String: Argument]

  /// For a plugin without parameters.
  public static let none = Arguments(values: [:])

  /// All but that one, if it is there at all.
  public func removing(_ name: String) -> Arguments {
    var result = self
    result.values[name] = nil
    return result
  }

  /// The value of a parameter. It was checked and typed before: a plugin need not say its default again.
  public subscript<Value>(_ parameter: Parameter<Value>) -> Value { parameter.value(in: values) }
}

/// A parameter that cannot be used as it is given.
public struct ParameterError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name that was given, whether or not there is such a parameter.
  public var parameter: String
  /// Names the plugin, the offending text and what is allowed.
  public var message: String
  /// The nearest right names, best first.
  public var suggestions: [String]
  /// Whether the parameter's name is wrong, rather than its value.
  public var isUnknown: Bool
  /// The way from the parameter's value to the part of it that is wrong; empty for the whole value.
  public var path: [ParameterInput.Step]

  /// - Parameters:
  ///   - message: one line without a full stop, which names what is wrong and what is allowed.
  ///   - suggestions: the nearest right names, best first.
  ///   - path: the way to the part of the value that is wrong; empty for the whole.
  public init(
    parameter: String, message: String, suggestions: [String] = [], isUnknown: Bool = false,
    path: [ParameterInput.Step] = []
  ) {
    self.parameter = parameter
    self.message = message
    self.suggestions = suggestions
    self.isUnknown = isUnknown
    self.path = path
  }

  /// The message.
  public var description: String { message }
}

extension ParameterDeclaration {
  /// What may be given, where that is a closed list.
  public func choices(in model: DatasetModel, columns: [Column]) -> [String]? {
    switch kind {
    case .choice(let choices): choices
    case .scheme: model.schemes.map(\.id)
    case .dimension: model.dimensionsByUse.map(\.id)
    case .source: [Self.allSources] + (model.source?.codes.ids ?? [])
    case .measure: model.measures.map(\.name)
    case .column, .columns, .columnOrder: columns.map(\.name)
    case .boolean: ["true", "false"]
    case .text, .integer, .columnTexts, .conditions, .texts: nil
    }
  }

  /// The default's text, nil when the parameter must be given or nothing stands for it.
  public func defaultArgument(in model: DatasetModel, columns: [Column]) -> Argument? {
    switch self.default {
    case .required, .optional: nil
    case .value(let value): value
    case .firstChoice: choices(in: model, columns: columns)?.first.map { argument($0, in: model, columns: columns) }
    case .secondChoice:
      choices(in: model, columns: columns)?.prefix(2).last.map { argument($0, in: model, columns: columns) }
    }
  }

  /// One of the choices, with its place.
  func argument(_ choice: String, in model: DatasetModel, columns: [Column]) -> Argument {
    switch kind {
    case .scheme: .choice(choice, index: model.schemes.firstIndex { $0.id == choice })
    case .dimension: .choice(choice, index: model.dimensions.firstIndex { $0.id == choice })
    case .source: .choice(choice, index: model.source?.codes.index(of: choice))
    case .measure: .choice(choice, index: model.measures.firstIndex { $0.name == choice })
    case .column, .columns, .columnOrder: .choice(choice, index: columns.firstIndex { $0.name == choice })
    case .text, .integer, .boolean, .choice, .columnTexts, .conditions, .texts: .text(choice)
    }
  }

  /// What stands for all sources where one may be named.
  static let allSources = "all"
}

extension Manifest {
  /// So many errors are told at most.
  private static let toldErrorCount = 100

  /// Checks texts, as they come from a configuration or a command line, against the parameters.
  ///
  /// A choice is found regardless of letter case and of `-` against `_`, and is passed on as the manifest or the
  /// dataset spells it. Every problem is reported, in the order of `texts`.
  ///
  /// - Parameter columns: the columns of the table that the step is given; empty for a report.
  public func check(
    _ texts: [(name: String, text: String)], in model: DatasetModel, columns: [Column] = []
  ) -> Result<Arguments, ParameterErrors> {
    check(inputs: texts.map { ($0.name, .text($0.text)) }, in: model, columns: columns)
  }

  /// As `check` of texts, for inputs that may have a structure.
  ///
  /// - Parameters:
  ///   - columns: nil when they are not known: what depends on them is not checked then.
  ///   - standing: checked arguments that hold for what is not given here, in place of the defaults.
  public func check(
    inputs: [(name: String, input: ParameterInput)], in model: DatasetModel, columns: [Column]? = [],
    over standing: Arguments? = nil
  ) -> Result<Arguments, ParameterErrors> {
    var errors: [ParameterError] = []
    var values: [String: Argument] = [:]
    for (name, input) in inputs {
      // A client may have sent tens of thousands, each with names that are near to be looked for.
      if errors.count >= Self.toldErrorCount { break }
      guard let parameter = parameters.first(where: { $0.name == name }) else {
        if let error = unknownParameter(name, columns: columns ?? []) { errors.append(error) }
        continue
      }
      if columns == nil && parameter.kind.dependsOnColumns { continue }
      var reader = ParameterReader(parameter, of: self.name, in: model, columns: columns ?? [])
      values[name] = reader.read(input)
      errors += reader.errors
    }
    for parameter in parameters where !inputs.contains(where: { $0.name == parameter.name }) {
      if let argument = standing?.values[parameter.name] {
        values[parameter.name] = argument
      } else if let argument = parameter.defaultArgument(in: model, columns: columns ?? []) {
        values[parameter.name] = argument
      } else if parameter.default == .required {
        errors.append(
          ParameterError(
            parameter: parameter.name, message: "\(self.name) needs the parameter \"\(parameter.name)\""))
      }
    }
    return errors.isEmpty ? .success(Arguments(values: values)) : .failure(ParameterErrors(errors: errors))
  }

  /// The error for a parameter that the manifest does not have; nil when it has it.
  ///
  /// - Parameter columns: the columns of the table that the step is given: one in the place of a parameter is a common
  ///   mistake.
  public func unknownParameter(_ name: String, columns: [Column] = []) -> ParameterError? {
    let names = parameters.map(\.name)
    if names.contains(name) { return nil }
    var known = names.isEmpty ? "; it has none" : didYouMean(name, among: names)
    if known.isEmpty, let first = parameters.first, first.kind.takesColumns,
      columns.contains(where: { $0.name == name })
    {
      known = "; it is a column: write \(first.name): \(name)"
    }
    return ParameterError(
      parameter: name, message: "unknown parameter \"\(name)\" of \(self.name)\(known)",
      suggestions: suggestions(for: name, among: names), isUnknown: true)
  }
}

/// Everything that is wrong with the parameters of one step.
public struct ParameterErrors: Error, Sendable {
  /// In the order in which the parameters were given; at least one.
  public var errors: [ParameterError]

  /// - Parameter errors: at least one.
  public init(errors: [ParameterError]) {
    self.errors = errors
  }
}

extension ParameterError {
  /// A name that is not in a closed list: `unknown bloc "natoo"; did you mean "nato"?`
  public init(
    parameter: String, unknown what: String, name: String, among known: [String], path: [ParameterInput.Step] = []
  ) {
    let near = Base.suggestions(for: name, among: known)
    let hint =
      near.first.map { "; did you mean \"\($0)\"?" }
      ?? (known.isEmpty ? "; there are none" : "; there are: \(known.joined(separator: ", "))")
    self.init(parameter: parameter, message: "unknown \(what) \"\(name)\"" + hint, suggestions: near, path: path)
  }
}

extension ParameterDeclaration.Kind {
  fileprivate var takesColumns: Bool { self == .column || self == .columns || self == .columnOrder }

  fileprivate var dependsOnColumns: Bool { takesColumns || self == .columnTexts || self == .conditions }
}

extension DatasetModel {
  /// The place, the breakdown, then the other dimensions in their order.
  fileprivate var dimensionsByUse: [Dimension] {
    [place, breakdown] + dimensions.indices.filter { $0 != placeIndex && $0 != breakdownIndex }.map { dimensions[$0] }
  }
}
