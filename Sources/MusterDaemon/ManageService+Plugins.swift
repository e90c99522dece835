internal import Base
internal import ExternalPlugins
internal import JSON
internal import MusterAPI
internal import Pipeline
internal import PluginLaunch
internal import ReportKit
internal import Varlink
internal import VarlinkServer

extension ManageService {
  func plugins(_ generation: Generation) -> Manage.PluginsReply {
    let registry = generation.registry
    func describe(_ manifests: [(Manifest, ExternalManifest?)], _ kind: ExternalManifest.Kind) -> [Manage.Plugin] {
      manifests.sorted { $0.0.name < $1.0.name }.map { manifest, external in
        external.map { plugin($0, on: registry.host) }
          ?? Manage.Plugin(name: manifest.name, kind: kind.wire, summary: manifest.summary, state: .shipped)
      }
    }
    return Manage.PluginsReply(
      plugins: describe(
        registry.reports.map { ($0.manifest, ($0 as? ExternalReportPlugin)?.external) }, .report)
        + describe(
          registry.transforms.map { ($0.manifest, ($0 as? ExternalTransformPlugin)?.external) }, .transform)
        + describe(
          registry.exporters.map { ($0.manifest, ($0 as? ExternalExporterPlugin)?.external) }, .exporter))
  }

  /// Those that are programs.
  func programs(_ generation: Generation) -> [Manage.Plugin] {
    plugins(generation).plugins.filter { $0.state != .shipped }
  }

  private func plugin(_ manifest: ExternalManifest, on host: PluginHost) -> Manage.Plugin {
    let statistics = host.statistics(of: manifest.name.value)
    return Manage.Plugin(
      name: manifest.name.value, kind: manifest.kind.wire, summary: manifest.summary,
      state: statistics.lastFailure == nil ? .ready : .failed, reason: statistics.lastFailure,
      runs: Int64(statistics.runs), failures: Int64(statistics.failures), isolation: statistics.isolation?.names)
  }

  func audit(_ name: String, in generation: Generation) async throws -> Manage.AuditPluginReply {
    let names = plugins(generation).plugins.map(\.name)
    guard names.contains(name) else {
      throw Manage.NoSuchPlugin(name: name, suggestions: suggestions(for: name, among: names)).varlinkError
    }
    do {
      let audit = try await gate.run(within: generation.configuration.limits) {
        try await generation.audit(plugin: name)
      }
      guard let audit else {
        throw Manage.AuditFailed(name: name, reason: "no report uses it").varlinkError
      }
      return Manage.AuditPluginReply(report: audit.report, difference: audit.difference)
    } catch let error as VarlinkError {
      throw error
    } catch let error as CancellationError {
      throw error
    } catch let error as LimitReached {
      throw error
    } catch {
      throw Manage.AuditFailed(name: name, reason: "\(error)").varlinkError
    }
  }
}

extension ExternalManifest.Kind {
  fileprivate var wire: Manage.PluginKind {
    switch self {
    case .report: .report
    case .transform: .transform
    case .exporter: .exporter
    }
  }
}

extension Isolation {
  /// As the interface lists them.
  fileprivate var names: [String] {
    [
      (Isolation.network, "network"), (.processes, "processes"), (.files, "files"), (.user, "user"),
      (.signals, "signals"),
    ].filter { contains($0.0) }.map(\.1)
  }
}
