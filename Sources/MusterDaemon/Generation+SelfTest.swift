internal import Base
internal import Dataset
internal import ExternalPlugins
internal import MusterAPI
internal import Pipeline
internal import ReportKit

extension Generation {
  /// Computes the first rows of a report past every cache.
  ///
  /// Reports that need a program are passed over: a program that hangs is no reason to take the daemon for hung.
  func selfTest() async throws -> Manage.SelfTestReply {
    let programs = Set(configuration.plugins.map(\.name.value))
    guard let report = reports.first(where: { programs.isDisjoint(with: $0.steps.map(\.name)) && $0.needsNoArguments })
    else {
      return Manage.SelfTestReply(rows: 0)
    }
    do {
      var table = try report.table(with: report.arguments(with: [:]))
      return Manage.SelfTestReply(report: report.name, rows: Int64(try await table.rows.next()?.count ?? 0))
    } catch let error as CancellationError {
      throw error
    } catch {
      throw Manage.SelfTestFailed(report: report.name, reason: "\(error)").varlinkError
    }
  }
}

extension CompiledReport {
  fileprivate var needsNoArguments: Bool { (try? arguments(with: [:])) != nil }
}
