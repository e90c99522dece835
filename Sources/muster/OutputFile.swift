import Glibc
import Posix

/// A file that holds what it held before until all that is written stands on the disk, and then that.
///
/// A temporary file of the same folder takes the place of the old one with its rights (`FileRights`). A link is followed. A file that cannot be replaced so without losing what it is, or at all, is written over once the result is
/// whole. What is no regular file, such as a pipe, or stands for what is open already, such as `/dev/stdout`, has
/// nothing to keep and is written as it is.
final class OutputFile {
  private let path: String
  private let watch: Watch
  private var state: State

  private enum State {
    case stream(OwnedDescriptor)
    case replacement(TemporaryFile, Folder, RawPath, existing: OwnedDescriptor?)
    /// The new content, and the file that it is to be in.
    case overwriting(OwnedDescriptor, of: OwnedDescriptor)
    case ended
  }

  /// `path` is not empty.
  init(path: String, watch: Watch) throws(Failure) {
    (self.path, self.watch, state) = (path, watch, .ended)
    let raw = try rawPath(ofArgument: path)
    do { state = try Self.state(raw, watch) } catch { throw failure(error) }
  }

  /// Nil when the path leads to a file that is replaced. Nothing is created.
  init?(streamAt path: String, watch: Watch) throws(Failure) {
    (self.path, self.watch, state) = (path, watch, .ended)
    let raw = try rawPath(ofArgument: path)
    do {
      guard case .stream(let file) = try Destination(raw) else { return nil }
      state = .stream(file)
    } catch {
      throw failure(error)
    }
  }

  deinit { discard() }

  /// Whether what is written is shown by a terminal, as that of `/dev/tty` is.
  var isTerminal: Bool {
    if case .stream(let file) = state { isatty(file.number) == 1 } else { false }
  }

  func write(_ bytes: [UInt8]) throws {
    let (file, isStream) =
      switch state {
      case .stream(let file): (file, true)
      case .replacement(let temporary, _, _, _): (temporary.file, false)
      case .overwriting(let file, _): (file, false)
      case .ended: throw failure(SystemError(code: EBADF))
      }
    do {
      try file.write(bytes)
    } catch let error where error.code == EPIPE && isStream {
      throw BrokenPipe()
    } catch {
      throw isStream ? failure(error, "what was written before is there") : failure(error)
    }
  }

  /// Puts what was written in the place of the file, for good.
  func commit() throws(Failure) {
    switch state {
    case .stream, .ended: state = .ended
    case .overwriting(let content, let file): try overwrite(file, with: content)
    case .replacement(let temporary, let folder, let name, let existing):
      do {
        try temporary.file.finish()
        try watch.renameTemporary { () throws(SystemError) in try temporary.replace(name) }
      } catch {
        if let existing, Self.refusals.contains(error.code) { return try overwrite(existing, with: temporary.file) }
        throw failure(error)
      }
      state = .ended
      do { try folder.sync() } catch { throw failure(error, "it is whole, but may not outlive a power cut") }
    }
  }

  /// Leaves the file as it was, unless it was committed.
  func discard() {
    if case .replacement(let temporary, _, _, _) = state, temporary.isNamed { watch.removeTemporary() }
    state = .ended
  }

  private func overwrite(_ file: OwnedDescriptor, with content: OwnedDescriptor) throws(Failure) {
    do { try file.reserve(byteCount: Int(content.status().st_size)) } catch { throw failure(error) }
    do {
      try watch.completing { () throws(SystemError) in try file.overwrite(with: content) }
    } catch {
      throw failure(error, "it may hold a part of the new content")
    }
    discard()
  }

  private func failure(_ error: SystemError, _ state: String = "nothing was changed") -> Failure {
    Failure(status: .inputOutput, message: "cannot write: \(path): \(error.reason); \(state)")
  }
}

extension OutputFile {
  /// What a system says where a file can be written, but nothing put in its place: who may not write in the folder, or
  /// not remove what others own in it; a mount point; a folder that is read-only around one.
  private static let refusals = [EACCES, EPERM, EROFS, EBUSY, EXDEV]

  private static func state(_ path: RawPath, _ watch: Watch) throws(SystemError) -> State {
    switch try Destination(path) {
    case .stream(let file): return .stream(file)
    case .file(let folder, let name, nil):
      return .replacement(try temporary(for: name, in: folder, mode: 0o666, watch), folder, name, existing: nil)
    case .file(let folder, let name, let existing?):
      let rights = try FileRights(of: existing)
      let new: TemporaryFile
      do {
        new = try temporary(for: name, in: folder, mode: 0o600, watch)
      } catch {
        if !refusals.contains(error.code) { throw error }
        return .overwriting(try createSpoolFile(), of: existing)
      }
      do {
        // Replaced, it would lose its other names.
        if rights.status.st_nlink == 1, try new.file.takeRights(of: rights) {
          return .replacement(new, folder, name, existing: existing)
        }
      } catch {
        if new.isNamed { watch.removeTemporary() }
        throw error
      }
      if new.isNamed { watch.removeTemporary() }
      // What has no name any more can be written all the same. It is for nobody else to read.
      _ = fchmod(new.file.number, 0o600)
      return .overwriting(new.file, of: existing)
    }
  }

  private static func temporary(
    for name: RawPath, in folder: Folder, mode: mode_t, _ watch: Watch
  ) throws(SystemError) -> TemporaryFile {
    try watch.createTemporary { () throws(SystemError) -> (TemporaryFile, removal: (@Sendable () -> Void)?) in
      let file = try TemporaryFile(for: name, in: folder, mode: mode)
      return (file, removal: file.isNamed ? { @Sendable in file.remove() } : nil)
    }
  }
}
