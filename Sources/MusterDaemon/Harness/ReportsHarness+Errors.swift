internal import Base
internal import Model
internal import MusterAPI
internal import Pipeline
internal import ReportKit
internal import Varlink

extension ReportsHarness {
  /// The error that tells a caller why a run failed.
  func failure(_ error: any Error, _ parameters: Reports.RunParameters) -> any Error {
    switch error {
    case RequestError.parameter(let error) where error.isUnknown:
      Reports.NoSuchParameter(
        report: parameters.report, parameter: error.parameter, suggestions: error.suggestions
      ).ofCaller
    case RequestError.parameter(let error), let error as ParameterError:
      Reports.InvalidValue(
        report: parameters.report, parameter: error.parameter,
        value: parameters.parameters?[error.parameter] ?? "", reason: error.message, suggestions: error.suggestions
      ).ofCaller
    case let error as RequestError: wireError(error)
    case let error as FormatParameterError: formatError(error.error, parameters)
    case let error as StepMemoryExceeded:
      Reports.ResultTooLarge(limitBytes: Int64(error.limit), limit: error.key, step: error.step).ofDaemon
    case is CallFailure, is VarlinkError, is CancellationError, is LimitReached, is SizeLimitExceeded: error
    default: Reports.ReportFailed(report: parameters.report, reason: "\(error)").ofDaemon
    }
  }

  /// A failure as the error reply that a call without an upgrade has.
  func closingError(_ failure: any Error) -> VarlinkError {
    switch failure {
    case let failure as CallFailure: failure.reply
    case let limit as LimitReached: limit.error(of: interface.name)
    case let exceeded as SizeLimitExceeded: exceeded.limit.failure(of: interface.name).reply
    case let error as VarlinkError: error
    default: Reports.ReportFailed(report: "", reason: "\(failure)").varlinkError
    }
  }

  private func formatError(_ error: ParameterError, _ parameters: Reports.RunParameters) -> CallFailure {
    let format = parameters.format ?? ""
    if error.isUnknown {
      return Reports.NoSuchFormatParameter(
        format: format, parameter: error.parameter, suggestions: error.suggestions
      ).ofCaller
    }
    return Reports.InvalidFormatValue(
      format: format, parameter: error.parameter, value: parameters.formatParameters?[error.parameter] ?? "",
      reason: error.message, suggestions: error.suggestions
    ).ofCaller
  }

  /// A name that the generation does not have.
  func wireError(_ error: RequestError) -> CallFailure {
    switch error {
    case .noSuchReport(let name, let suggestions):
      Reports.NoSuchReport(report: name, suggestions: suggestions).ofCaller
    case .noSuchFormat(let name, let known): Reports.NoSuchFormat(format: name, formats: known).ofCaller
    case .selection(let error): wireError(error)
    case .parameter(let error):
      Reports.InvalidValue(
        report: "", parameter: error.parameter, value: "", reason: error.message, suggestions: error.suggestions
      ).ofCaller
    }
  }

  private func wireError(_ error: SelectionError) -> CallFailure {
    switch error.reason {
    case .unknownDimension(let name):
      Reports.NoSuchDimension(dimension: name.name, suggestions: name.suggestions).ofCaller
    case .unknownCode(let name):
      Reports.NoSuchCode(dimension: name.kind, code: name.name, suggestions: name.suggestions).ofCaller
    case .unusable(let dimension, let item, let message):
      Reports.InvalidFilter(dimension: dimension, item: item, reason: message).ofCaller
    }
  }

  func wireError(_ error: CellError, _ parameters: Reports.ExplainParameters) -> CallFailure {
    let (reason, suggestions): (String, [String]) =
      switch error {
      case .noSuchRow(let suggestions): ("no row has the text \(quoted(parameters.row, limit: 1000))", suggestions)
      case .ambiguousRow(let count):
        (
          "\(count) rows have the text \(quoted(parameters.row, limit: 1000)); give the number of the row, such as \"#1\"",
          []
        )
      case .noSuchColumn(let suggestions): ("there is no column \(quoted(parameters.column, limit: 1000))", suggestions)
      }
    return Reports.NoSuchCell(report: parameters.report, reason: reason, suggestions: suggestions).ofCaller
  }
}
