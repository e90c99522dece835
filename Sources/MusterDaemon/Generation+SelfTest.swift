internal import Base
internal import ExternalPlugins
internal import Pipeline
internal import ReportKit

/// The report that was tried could not be computed.
struct SelfTestFailed: Error, Hashable, Sendable {
  /// The name of the report.
  let report: String
  let reason: String
}

extension Generation {
  /// Computes the first rows of a report past every cache.
  ///
  /// Reports that need a program are passed over: a program that hangs is no reason to take the daemon for hung.
  ///
  /// - Returns: the name of the report, nil when none can be computed so, and how many rows came first.
  /// - Throws: `SelfTestFailed` or `CancellationError`.
  func selfTest() async throws -> (report: String?, rowCount: Int) {
    let programs = Set(configuration.plugins.map(\.name.value))
    guard let report = reports.first(where: { programs.isDisjoint(with: $0.steps.map(\.name)) }) else {
      return (nil, 0)
    }
    do {
      return (report.name, try await Delivery(of: self).probe(report))
    } catch let error as CancellationError {
      throw error
    } catch {
      throw SelfTestFailed(report: report.name, reason: "\(error)")
    }
  }
}
