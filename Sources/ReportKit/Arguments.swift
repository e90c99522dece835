public import Dataset
internal import Diagnostics

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

/// A parameter that cannot be used as it is given.
public struct ParameterError: Error, Hashable, Sendable, CustomStringConvertible {
  public var parameter: String
  /// Names the plugin, the offending text and what is allowed.
  public var message: String
  /// The nearest right names, best first.
  public var suggestions: [String]
  /// Whether the parameter's name is wrong, rather than its value.
  public var isUnknown: Bool

  public init(parameter: String, message: String, suggestions: [String] = [], isUnknown: Bool = false) {
    self.parameter = parameter
    self.message = message
    self.suggestions = suggestions
    self.isUnknown = isUnknown
  }

  public var description: String { message }
}

extension Parameter {
  /// What may be given, where that is a closed list.
  public func choices(in dataset: Snapshot, columns: [Column]) -> [String]? {
    switch kind {
    case .choice(let choices): choices
    case .scheme: dataset.schemes.map(\.id)
    case .column: columns.map(\.name)
    case .boolean: ["true", "false"]
    case .text, .integer: nil
    }
  }

  /// The default's text, nil when the parameter must be given or nothing stands for it.
  public func defaultArgument(in dataset: Snapshot, columns: [Column]) -> Argument? {
    switch self.default {
    case .required: nil
    case .value(let value): value
    case .firstChoice: choices(in: dataset, columns: columns)?.first.map { .text($0) }
    }
  }
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
    var errors: [ParameterError] = []
    var values: [String: Argument] = [:]
    for (name, text) in texts {
      guard let parameter = parameters.first(where: { $0.name == name }) else {
        if let error = unknownParameter(name) { errors.append(error) }
        continue
      }
      do {
        values[name] = try parameter.parse(text, plugin: self.name, in: dataset, columns: columns)
      } catch {
        errors.append(error)
      }
    }
    for parameter in parameters where !texts.contains(where: { $0.name == parameter.name }) {
      if let argument = parameter.defaultArgument(in: dataset, columns: columns) {
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
  public func unknownParameter(_ name: String) -> ParameterError? {
    let names = parameters.map(\.name)
    if names.contains(name) { return nil }
    let known = names.isEmpty ? "; it has none" : didYouMean(name, among: names)
    return ParameterError(
      parameter: name, message: "unknown parameter \"\(name)\" of \(self.name)\(known)",
      suggestions: suggestions(for: name, among: names), isUnknown: true)
  }
}

/// Everything that is wrong with the parameters of one step.
public struct ParameterErrors: Error, Sendable {
  public var errors: [ParameterError]
}

extension Parameter {
  func parse(
    _ text: String, plugin: String, in dataset: Snapshot, columns: [Column]
  ) throws(ParameterError) -> Argument {
    func refuse(_ expected: String, suggestions: [String] = []) -> ParameterError {
      ParameterError(
        parameter: name, message: "\(name) of \(plugin) must be \(expected), not \"\(text)\"", suggestions: suggestions)
    }
    switch kind {
    case .text:
      return .text(text)
    case .integer(let range):
      guard let value = Int(text), range.contains(value) else {
        throw refuse("an integer from \(range.lowerBound) to \(range.upperBound)")
      }
      return .integer(value)
    case .boolean:
      guard let value = Bool(text) else { throw refuse("true or false") }
      return .boolean(value)
    case .choice, .scheme, .column:
      let choices = choices(in: dataset, columns: columns) ?? []
      if choices.contains(text) { return .text(text) }
      let folded = choices.filter { fold($0) == fold(text) }
      if folded.count == 1 { return .text(folded[0]) }
      let near = suggestions(for: text, among: choices)
      throw ParameterError(
        parameter: name,
        message: "unknown \(what) \"\(text)\" for \(name) of \(plugin)"
          + (near.isEmpty
            ? choices.isEmpty ? "; there are none" : "; there are: \(choices.joined(separator: ", "))"
            : "; did you mean \"\(near[0])\"?"),
        suggestions: near)
    }
  }

  private var what: String {
    switch kind {
    case .scheme: "scheme"
    case .column: "column"
    default: "choice"
    }
  }
}

private func fold(_ text: String) -> String {
  String(text.lowercased().map { $0 == "-" ? "_" : $0 })
}
