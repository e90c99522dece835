internal import Glibc
internal import JSON
internal import Posix
internal import Synchronization

/// How the last run of each export went.
///
/// It is kept in a file beside the export, so that a restart does not forget it, and in memory for when that file cannot
/// be written: a failure must not hide itself.
final class ExportHistory: Sendable {
  private let runs = Mutex<[String: ExportRecord]>([:])

  /// Bytes of such a file that are read at all.
  private static let byteLimit = 64 << 10

  /// - Parameter file: nil when nothing can be kept there: the folder is missing, or another run holds the lock.
  func record(_ run: ExportRecord, path: String, in file: ExportedFile?) {
    runs.withLock { $0[path] = run }
    guard let file, let bytes = (try? JSONValue(encoding: run))?.bytes else { return }
    let names = file.names
    do {
      try file.folder.remove(names.newLastRun)
      try file.folder.write(bytes + [UInt8(ascii: "\n")], to: names.newLastRun)
      try file.folder.rename(names.newLastRun, to: names.lastRun)
      try file.folder.sync()
    } catch {
      try? file.folder.remove(names.newLastRun)
      // Or a restart would make the run before of it.
      try? file.folder.overwrite(names.lastRun, with: bytes + [UInt8(ascii: "\n")])
    }
  }

  /// - Parameter path: of the exported file.
  func last(path: String, in file: ExportedFile?) -> ExportRecord? {
    let remembered = runs.withLock { $0[path] }
    guard let file, let bytes = try? file.folder.contents(of: file.names.lastRun, limit: Self.byteLimit),
      let value = try? JSONValue(parsing: bytes), value.pathToNUL == nil, let stored: ExportRecord = try? value.decode()
    else { return remembered }
    // Another daemon may have run it since.
    guard let remembered, remembered.finishedAt >= stored.finishedAt else { return stored }
    return remembered
  }
}
