public import Model
public import ReportKit

/// What is asked for: a report, what it is asked for with, and the format, all checked against one generation. Equal
/// requests have the same result: it is the key of results that are kept, and what a manifest records.
public struct ResultRequest: Hashable, Sendable {
  /// The name of the report.
  public let report: String
  /// Every parameter of the report step.
  public let arguments: Arguments
  /// The observations that are looked at, of those that the report selects.
  public let filter: Selection
  /// Nil for rows without a format.
  public let format: Format?

  /// A format, with what is asked of it.
  public struct Format: Hashable, Sendable {
    /// The name of the exporter.
    public let name: String
    /// The exporter's parameters that are set, by name; they are checked against the columns when there are any.
    public let inputs: [FormatInput]
  }

  /// What is given for one of the exporter's parameters.
  public struct FormatInput: Hashable, Sendable {
    /// The name of the parameter.
    public let name: String
    /// As it was written; checked against the columns of the answer.
    public let input: ParameterInput
  }

  init(report: String, arguments: Arguments, filter: Selection, format: Format?) {
    self.report = report
    self.arguments = arguments
    self.filter = filter
    self.format = format
  }
}

extension ResultRequest.Format {
  init(_ name: String, _ inputs: [(name: String, input: ParameterInput)]) {
    self.init(
      name: name,
      inputs: inputs.map { ResultRequest.FormatInput(name: $0.name, input: $0.input) }.sorted { $0.name < $1.name })
  }
}

/// Why a question cannot be asked.
public enum RequestError: Error, Sendable, CustomStringConvertible {
  case noSuchReport(String, suggestions: [String])
  case noSuchFormat(String, known: [String])
  case parameter(ParameterError)
  case selection(SelectionError)

  /// The message, with the nearest right names where there are any.
  public var description: String {
    switch self {
    case .noSuchReport(let name, let suggestions):
      "no such report: \(name)" + (suggestions.first.map { "; did you mean \"\($0)\"?" } ?? "")
    case .noSuchFormat(let name, let known): "no such format: \(name); there are: \(known.joined(separator: ", "))"
    case .parameter(let error): "\(error)"
    case .selection(let error): "\(error)"
    }
  }
}
