internal import Base
internal import Exports
internal import ExternalPlugins
internal import Logging
internal import Pipeline
internal import PluginLaunch
internal import Posix
internal import ReportKit

/// A plugin, and how it is.
struct PluginStatus: Sendable {
  let name: String
  let kind: ExternalManifest.Kind
  /// A sentence about what it does.
  let summary: String
  /// Of a plugin that is a program; nil for one that is a part of the daemon.
  let program: PluginStatistics?
}

/// There is no plugin of that name.
struct NoSuchPlugin: Error, Hashable, Sendable {
  let name: String
  /// The nearest names, best first.
  let suggestions: [String]
}

/// No report uses the plugin, or the report that was run failed.
struct AuditFailed: Error, Hashable, Sendable {
  let reason: String
}

/// Looks after what is served.
struct ManageService: Sendable {
  let store: GenerationStore
  let gate: RunGate
  let logger: Logger

  /// Loads configuration and dataset anew: all of it, or nothing.
  func reload() async throws(ProblemList) -> ServedGeneration { try await reloadAndLog(store, logger: logger) }

  /// The reports, the transforms and the exporters, each in alphabetical order of their names.
  func plugins(_ generation: Generation) -> [PluginStatus] {
    let registry = generation.registry
    func statuses(_ manifests: [(Manifest, ExternalManifest?)], _ kind: ExternalManifest.Kind) -> [PluginStatus] {
      manifests.sorted { $0.0.name < $1.0.name }.map { manifest, external in
        PluginStatus(
          name: external?.name.value ?? manifest.name, kind: external?.kind ?? kind,
          summary: external?.summary ?? manifest.summary,
          program: external.map { registry.host.statistics(of: $0.name.value) })
      }
    }
    return statuses(registry.reports.map { ($0.manifest, ($0 as? ExternalReportPlugin)?.external) }, .report)
      + statuses(registry.transforms.map { ($0.manifest, ($0 as? ExternalTransformPlugin)?.external) }, .transform)
      + statuses(registry.exporters.map { ($0.manifest, ($0 as? ExternalExporterPlugin)?.external) }, .exporter)
  }

  /// Runs a report that uses the plugin twice, and tells where the results differ.
  ///
  /// Throws `NoSuchPlugin`, `AuditFailed`, `LimitReached` or `CancellationError`.
  func audit(_ name: String, in generation: Generation) async throws -> Generation.Audit {
    let names = plugins(generation).map(\.name)
    guard names.contains(name) else {
      throw NoSuchPlugin(name: name, suggestions: suggestions(for: name, among: names))
    }
    do {
      let audit = try await gate.run(within: generation.configuration.limits) {
        try await generation.audit(plugin: name)
      }
      guard let audit else { throw AuditFailed(reason: "no report uses it") }
      return audit
    } catch {
      switch error {
      case is AuditFailed, is LimitReached, is CancellationError: throw error
      default: throw AuditFailed(reason: "\(error)")
      }
    }
  }
}

/// Reloads, and logs what came of it: each problem as an event of its own.
@discardableResult
func reloadAndLog(_ store: GenerationStore, logger: Logger) async throws(ProblemList) -> ServedGeneration {
  let start = monotonicMicroseconds()
  do {
    let served = try await store.reload()
    logger.notice(
      "reloaded",
      metadata: [
        "generation": "\(served.generation.number)", "revision": "\(served.generation.model.revision)",
        "duration-usec": "\(monotonicMicroseconds() - start)",
      ])
    warnOfUnseenAccounts(served.generation.configuration.access, logger: logger)
    warnOfExportFolder(served.generation.configuration, logger: logger)
    warnOfMemory(served.generation.configuration.limits, logger: logger)
    return served
  } catch {
    logger.error(
      "reload failed, the old generation keeps serving",
      metadata: ["generation": "\(store.current.generation.number)", "problems": "\(error.total)"])
    for line in error.lines { logger.error("\(line)") }
    throw error
  }
}
