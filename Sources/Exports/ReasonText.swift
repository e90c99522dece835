internal import Pipeline
internal import ReportKit

/// Why an export failed or a file cannot be verified, for people.
func reasonText(_ error: any Error) -> String {
  switch error {
  case let limit as LimitReached: "\(limit.reason); see \(limit.limit)"
  case let error as ParameterErrors: error.errors.map(\.message).joined(separator: "; ")
  default: "\(error)"
  }
}
