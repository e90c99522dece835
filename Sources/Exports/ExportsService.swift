internal import Base
internal import Glibc
public import Logging
public import Pipeline
internal import Posix
internal import ReportKit

/// An export that is configured, and the file that it writes.
public struct ExportState: Sendable {
  /// As it is configured.
  public let export: CompiledExport
  /// Bytes of the file; nil when there is none.
  public let size: Int?
  /// Of the file, in microseconds since 1970; nil when there is none.
  public let writtenAt: Int64?
  /// The last run, before a restart of the daemon too.
  public let last: ExportRecord?
}

/// There is no export of that name.
public struct NoSuchExport: Error, Hashable, Sendable {
  /// What was asked for.
  public let name: String
  /// The nearest names, best first.
  public let suggestions: [String]
}

/// Writes the files that the configuration names, and knows how they are.
public struct ExportsService: Sendable {
  let host: any ExportHost
  let programVersion: String
  private let history = ExportHistory()
  private let logger: Logger

  /// - Parameter programVersion: of this program, which manifests give as the version of the shipped plugins.
  public init(host: any ExportHost, programVersion: String, logger: Logger) {
    self.host = host
    self.programVersion = programVersion
    self.logger = logger
  }

  /// The exports in the order of the configuration, and why the folder cannot be used if so. Waits for the disk.
  public func list(_ generation: Generation) -> (exports: [ExportState], problem: String?) {
    var folder: Folder?
    var problem: String?
    let directory = generation.configuration.exports.directory?.value
    if let directory, !generation.exports.isEmpty {
      do throws(SystemError) { folder = try Folder(directory, for: .holding) } catch { problem = error.description }
    }
    let exports = generation.exports.map { export in
      let file = folder.map { ExportedFile(export.file, in: $0) }
      let status = try? file?.folder.status(of: export.file)
      return ExportState(
        export: export, size: status.map { Int($0.st_size) }, writtenAt: status?.modifiedAt,
        last: history.last(path: "\(directory ?? "")/\(export.file)", in: file))
    }
    return (exports, problem)
  }

  /// Runs exports one after the other; one that fails keeps no other from being run.
  ///
  /// All names are looked at before anything is written.
  ///
  /// - Parameters:
  ///   - names: those to run; none for all.
  ///   - isForced: whether a file is written again that stays the same.
  ///   - onEach: gets what came of each run but the last as soon as that is known.
  /// - Returns: what `onEach` did not get.
  /// - Throws: `NoSuchExport`, `CancellationError`, or what `onEach` throws.
  public func export(
    _ names: [String], isForced: Bool, in generation: Generation,
    onEach: (@Sendable (ExportRecord) async throws -> Void)?
  ) async throws -> [ExportRecord] {
    let exports = names.isEmpty ? generation.exports : try names.map { try find($0, in: generation) }
    return try await endingInTime(generation) {
      var records: [ExportRecord] = []
      for (index, export) in exports.enumerated() {
        let run = ExportRun(
          export: export, generation: generation, host: host, history: history, programVersion: programVersion,
          logger: logger, isForced: isForced)
        records.append(try await run.run())
        if let onEach, index < exports.count - 1 { try await onEach(records.removeLast()) }
      }
      return records
    }
  }

  /// Ends the work when the daemon stops and would cut off the call soon, so that its reply can still say so.
  private func endingInTime<Reply: Sendable>(
    _ generation: Generation, _ work: @escaping @Sendable () async throws -> Reply
  ) async throws -> Reply {
    let time = generation.configuration.limits.shutdownTimeout
    return try await withThrowingTaskGroup(of: Reply?.self) { group in
      group.addTask { try await work() }
      group.addTask { [host] in
        await host.waitUntilEnding()
        try await Task.sleep(for: time - min(.seconds(1), time / 2))
        return nil
      }
      defer { group.cancelAll() }
      while let reply = try await group.next() {
        if let reply { return reply }
        group.cancelAll()
      }
      throw CancellationError()
    }
  }

  func find(_ name: String, in generation: Generation) throws(NoSuchExport) -> CompiledExport {
    if let export = generation.export(named: name) { return export }
    throw NoSuchExport(name: name, suggestions: suggestions(for: name, among: generation.exports.map(\.name)))
  }
}

/// Says at once, as a warning in the log, what else a run at night would say first.
public func warnOfExportFolder(_ configuration: Configuration, logger: Logger) {
  guard let directory = configuration.exports.directory?.value, !configuration.exports.exports.isEmpty else { return }
  do throws(SystemError) {
    _ = try Folder(directory, for: .holding)
    if access(directory, W_OK) != 0 { throw SystemError("write in \(directory)") }
  } catch {
    logger.warning("exports will fail", metadata: ["error": "\(error)"])
  }
}
