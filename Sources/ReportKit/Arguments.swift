internal import Base
public import Dataset

/// The arguments of one step: every parameter of its manifest is there and of the right kind, unless its default is
/// `firstChoice` and the dataset has none.
public struct Arguments: Hashable, Sendable {
  public private(set) var values: [String: Argument]

  /// For a plugin without parameters.
  public static let none = Arguments(values: [:])

  public func removing(_ name: String) -> Arguments {
    var result = self
    result.values[name] = nil
    return result
  }

  public subscript(text name: String) -> String? {
    if case .text(let value)? = values[name] { value } else { nil }
  }

  public subscript(integer name: String) -> Int? {
    if case .integer(let value)? = values[name] { value } else { nil }
  }

  public subscript(boolean name: String) -> Bool? {
    if case .boolean(let value)? = values[name] { value } else { nil }
  }
}

extension Arguments {
  /// The elements of a list of texts.
  public subscript(list name: String) -> [String]? {
    guard case .list(let elements)? = values[name] else { return nil }
    return elements.map(\.description)
  }

  /// The entries of a mapping to texts.
  public subscript(mapping name: String) -> [(key: String, text: String)]? {
    guard case .mapping(let entries)? = values[name] else { return nil }
    return entries.map { ($0.key, $0.value.description) }
  }

  public subscript(conditions name: String) -> [Condition]? {
    if case .conditions(let conditions)? = values[name] { conditions } else { nil }
  }
}

/// A parameter that cannot be used as it is given.
public struct ParameterError: Error, Hashable, Sendable, CustomStringConvertible {
  public var parameter: String
  /// Names the plugin, the offending text and what is allowed.
  public var message: String
  /// The nearest right names, best first.
  public var suggestions: [String]
  /// Whether the parameter's name is wrong, rather than its value.
  public var isUnknown: Bool
  /// The way from the parameter's value to the part of it that is wrong; empty for the whole value.
  public var path: [ParameterInput.Step]

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

  public var description: String { message }
}

extension Parameter {
  /// What may be given, where that is a closed list.
  public func choices(in dataset: Snapshot, columns: [Column]) -> [String]? {
    switch kind {
    case .choice(let choices): choices
    case .scheme: dataset.schemes.map(\.id)
    case .dimension: dataset.dimensionsByUse.map(\.id)
    case .source: [Self.allSources] + (dataset.source?.codes.ids ?? [])
    case .column, .columns, .columnOrder: columns.map(\.name)
    case .boolean: ["true", "false"]
    case .text, .integer, .columnTexts, .conditions, .texts: nil
    }
  }

  /// The default's text, nil when the parameter must be given or nothing stands for it.
  public func defaultArgument(in dataset: Snapshot, columns: [Column]) -> Argument? {
    switch self.default {
    case .required, .optional: nil
    case .value(let value): value
    case .firstChoice: choices(in: dataset, columns: columns)?.first.map { .text($0) }
    case .secondChoice: choices(in: dataset, columns: columns)?.prefix(2).last.map { .text($0) }
    }
  }

  /// What stands for all sources where one may be named.
  public static let allSources = "all"
}

extension Manifest {
  /// Checks texts, as they come from a configuration or a command line, against the parameters.
  ///
  /// A choice is found regardless of letter case and of `-` against `_`, and is passed on as the manifest or the
  /// dataset spells it. Every problem is reported, in the order of `texts`.
  ///
  /// - Parameter columns: the columns of the table that the step is given; empty for a report.
  public func check(
    _ texts: [(name: String, text: String)], in dataset: Snapshot, columns: [Column] = []
  ) -> Result<Arguments, ParameterErrors> {
    check(inputs: texts.map { ($0.name, .text($0.text)) }, in: dataset, columns: columns)
  }

  /// As `check` of texts, for inputs that may have a structure.
  ///
  /// - Parameter columns: nil when they are not known: what depends on them is not checked then.
  public func check(
    inputs: [(name: String, input: ParameterInput)], in dataset: Snapshot, columns: [Column]? = []
  ) -> Result<Arguments, ParameterErrors> {
    var errors: [ParameterError] = []
    var values: [String: Argument] = [:]
    for (name, input) in inputs {
      guard let parameter = parameters.first(where: { $0.name == name }) else {
        if let error = unknownParameter(name, columns: columns ?? []) { errors.append(error) }
        continue
      }
      if columns == nil && parameter.kind.dependsOnColumns { continue }
      var reader = ParameterReader(parameter, of: self.name, in: dataset, columns: columns ?? [])
      values[name] = reader.read(input)
      errors += reader.errors
    }
    for parameter in parameters where !inputs.contains(where: { $0.name == parameter.name }) {
      if let argument = parameter.defaultArgument(in: dataset, columns: columns ?? []) {
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
  public var errors: [ParameterError]

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

extension Parameter.Kind {
  fileprivate var takesColumns: Bool { self == .column || self == .columns || self == .columnOrder }

  fileprivate var dependsOnColumns: Bool { takesColumns || self == .columnTexts || self == .conditions }
}

extension Snapshot {
  /// The place, the breakdown, then the other dimensions in their order.
  fileprivate var dimensionsByUse: [Dimension] {
    [place, breakdown] + dimensions.indices.filter { $0 != placeIndex && $0 != breakdownIndex }.map { dimensions[$0] }
  }
}
