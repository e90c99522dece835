internal import Base
internal import Glibc
public import PluginLaunch
internal import Synchronization

/// Runs external plugins, a limited number at one time, and knows what became of them. One host serves all generations
/// of a daemon.
public final class PluginHost: Sendable {
  /// How many plugins may wait for their turn unless the configuration says otherwise.
  public static let defaultQueueLimit = 64
  /// How many plugins run at one time unless the configuration says otherwise.
  public static var defaultLimit: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// The key of the configuration that says how many plugins run at one time.
  public static let limitKey = "limits.plugins"
  /// The key of the configuration that says how many plugins may wait for their turn.
  public static let queueLimitKey = "limits.plugin_queue"

  private let launcher: LauncherProgram?
  private let semaphore: FairSemaphore
  private let traces = ProcessTraces()
  private let statistics = Mutex<[String: PluginStatistics]>([:])

  /// - Parameter launcher: without it no plugin can be started, and all of them fail.
  public init(
    launcher: LauncherProgram? = .installed(), limit: Int = PluginHost.defaultLimit,
    queueLimit: Int = PluginHost.defaultQueueLimit
  ) {
    self.launcher = launcher
    semaphore = FairSemaphore(limit: limit, queueLimit: queueLimit)
  }

  /// Whether plugins can be started at all.
  public var canStart: Bool { launcher != nil }

  /// - Parameters:
  ///   - running: processes at one time.
  ///   - waiting: runs that wait for others to end.
  public func setLimits(running: Int, waiting: Int) {
    semaphore.set(limit: running, queueLimit: waiting)
  }

  /// Waits until nothing is left of plugins that have ended, at most that long. To be called before the program ends.
  public func settle(within time: Duration = .seconds(1)) async {
    await traces.waitUntilGone(within: time)
  }

  /// Removes the folders of runs whose musterd was killed, from where folders are made for runs, and gives how many
  /// there were. Those of others that run, and of other users, stay.
  public static func removeAbandonedFolders() -> Int { WorkingFolder.removeAbandoned() }

  /// The same, in that folder.
  package static func removeAbandonedFolders(in folder: String) -> Int { WorkingFolder.removeAbandoned(in: folder) }

  /// How the runs of the plugin of that name went, since the program started; none for an unknown name.
  public func statistics(of plugin: String) -> PluginStatistics {
    statistics.withLock { $0[plugin] } ?? PluginStatistics()
  }

  /// Waits for its turn and starts the program. The wait is not counted against the plugin's time.
  func start(_ manifest: ExternalManifest, arguments: [String] = []) async throws -> PluginProcess {
    let permit = try await PluginTurn.permit(of: semaphore)
    statistics.withLock { $0[manifest.name.value, default: PluginStatistics()].runs += 1 }
    return PluginProcess(
      launcher: launcher, command: manifest.command + arguments, limits: manifest.limits, permit: permit,
      trace: traces.make())
  }

  func record(_ failure: PluginFailure, of plugin: String) {
    statistics.withLock { statistics in
      statistics[plugin, default: PluginStatistics()].failures += 1
      statistics[plugin, default: PluginStatistics()].lastFailure = failure.description
    }
  }

  func recordSuccess(of plugin: String) {
    statistics.withLock { $0[plugin, default: PluginStatistics()].lastFailure = nil }
  }

  func record(_ isolation: Isolation?, of plugin: String) {
    guard let isolation else { return }
    statistics.withLock { $0[plugin, default: PluginStatistics()].isolation = isolation }
  }
}

/// What became of a plugin's runs since the daemon was started.
public struct PluginStatistics: Hashable, Sendable {
  /// All that were begun.
  public var runs = 0
  /// Runs that ended with a `PluginFailure`.
  public var failures = 0
  /// Why the last run that came to an end failed; nil when it did not.
  public var lastFailure: String?
  /// What the kernel allowed at the last run; nil before the first.
  public var isolation: Isolation?
}
