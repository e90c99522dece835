internal import Base
internal import ExternalPlugins
internal import Glibc
internal import Logging
internal import Pipeline
internal import Posix
internal import ReportKit

/// One run of one export.
struct ExportRun: Sendable {
  let export: CompiledExport
  let generation: Generation
  let host: any ExportHost
  let history: ExportHistory
  let programVersion: String
  let logger: Logger
  /// Whether the file is written even if its content stays the same.
  let isForced: Bool

  /// What a run that waits for the lock looks at it again after.
  private static let pollInterval = Duration.milliseconds(50)

  private struct Success {
    var result: ExportResult
    var isWritten: Bool
  }

  /// Writes the file, or says why not. The old one stands until the new one is whole.
  ///
  /// Throws only `CancellationError`, and not that when the daemon stops.
  func run() async throws -> ExportRecord {
    let start = monotonicMicroseconds()
    let configuration = generation.configuration.exports
    let directory = configuration.directory?.value ?? ""
    let path = "\(directory)/\(export.file)"
    var file: ExportedFile?
    var lock: OwnedDescriptor?
    var run = ExportRecord(name: export.name, outcome: .failed, finishedAt: 0, durationMicroseconds: 0)
    var cancellation: (any Error)?
    var before: stat?
    do {
      let found = try await blocking { [export] in ExportedFile(export.file, in: try Folder(directory, for: .holding)) }
      lock = try await acquireLock(of: found)
      if lock == nil {
        run.outcome = .busy
        run.reason =
          configuration.lock == .wait
          ? "another run has been writing it for longer than exports.lock_timeout" : "another run is writing it"
      } else {
        file = found
        before = try await blocking { try found.folder.status(of: found.names.file) }
        let success = try await write(found)
        run.outcome = success.isWritten ? .written : .unchanged
        (run.rows, run.bytes) = (success.result.rowCount, success.result.byteCount)
        run.sha256 = success.result.sha256
      }
    } catch is CancellationError where host.isEnding {
      run.reason = "musterd was stopped before it was done"
    } catch let error as CancellationError {
      (run.reason, cancellation) = ("the caller went away before it was done", error)
    } catch {
      run.reason = reasonText(error)
    }
    if run.outcome == .failed, let file, let before {
      let after = try? await blocking { try file.folder.status(of: file.names.file) }
      run.untouched = after?.isSameFile(as: before) ?? false
    }
    run.revision = generation.model.revision
    run.finishedAt = currentMicroseconds()
    run.durationMicroseconds = monotonicMicroseconds() - start
    // A run that never had its turn says nothing about the file; the log has it.
    if run.outcome != .busy {
      try? await blocking { [run, file] in history.record(run, path: path, in: file) }
    }
    withExtendedLifetime(lock) {}
    log(run)
    if let cancellation { throw cancellation }
    return run
  }

  private func acquireLock(of file: ExportedFile) async throws -> OwnedDescriptor? {
    let configuration = generation.configuration.exports
    let deadline = ContinuousClock.now + configuration.lockTimeout
    while true {
      if let lock = try await blocking({ try file.folder.lock(file.names.lock) }) { return lock }
      if configuration.lock == .report || ContinuousClock.now >= deadline { return nil }
      try await Task.sleep(for: Self.pollInterval)
    }
  }

  private func write(_ file: ExportedFile) async throws -> Success {
    let request = export.request
    do {
      try await blocking {
        try file.checkNames()
        try file.removeLeftovers()
      }
      let (result, state) = try await host.inTurn(within: generation.configuration.limits) { [generation] in
        let new = try await blocking { try file.createNew() }
        let result = try await Delivery(of: generation).export(request) { block in
          try await blocking { try new.write(block) }
        }
        return (result, try await blocking { try file.state($0) })
      }
      let isSame = state.isWhole(result.sha256)
      let manifest = try await blocking { [export, generation, programVersion] in
        ExportManifest(
          result, of: request, export: export.name, file: export.file, in: generation,
          programVersion: programVersion)
      }
      if isSame && !isForced {
        try await blocking {
          try file.removeLeftovers()
          if state.manifest?.describesExport(as: manifest) == false { try file.replaceManifest(manifest, of: state) }
        }
      } else {
        try Task.checkCancellation()
        try await blocking { [export] in
          try file.folder.checkPlace()
          try file.install(manifest, over: state, writtenAt: currentMicroseconds(), keepsOld: export.keep > 0)
        }
      }
      await prune(file, isWritten: !isSame || isForced)
      try await blocking { try file.folder.checkPlace() }
      return Success(result: result, isWritten: !isSame || isForced)
    } catch {
      try? await blocking { try file.removeLeftovers() }
      throw error
    }
  }

  private func prune(_ file: ExportedFile, isWritten: Bool) async {
    do {
      let count = try await blocking { [export] in try file.prune(keep: export.keep) }
      // Each version that is kept costs the oldest one; further ones are gone because fewer are to be kept.
      logger.log(
        level: count > (isWritten ? 1 : 0) ? .notice : .debug, "removed old versions of an export",
        metadata: ["export": "\(export.name)", "count": "\(count)", "keep": "\(export.keep)"])
    } catch {
      logger.warning(
        "versions of an export could not be removed", metadata: ["export": "\(export.name)", "error": "\(error)"])
    }
  }

  private func log(_ run: ExportRecord) {
    var metadata: Logger.Metadata = [
      "export": "\(run.name)", "report": "\(export.request.report)", "file": "\(export.file)",
      "generation": "\(generation.number)", "outcome": "\(run.outcome.rawValue)",
      "duration-usec": "\(run.durationMicroseconds)",
    ]
    if let reason = run.reason { metadata["error"] = "\(reason.prefix(1000))" }
    switch run.outcome {
    case .written: logger.info("wrote an export", metadata: metadata)
    case .unchanged: logger.debug("an export is unchanged", metadata: metadata)
    case .failed: logger.error("an export failed", metadata: metadata)
    case .busy: logger.warning("an export is being written by another run", metadata: metadata)
    }
  }
}
