import Glibc
import Posix

/// A file that holds what it held before until all that is written stands on the disk, and then that.
///
/// A temporary file of the same folder takes the place of the old one, and its mode. A link is followed. What is no
/// regular file, such as a pipe, or stands for one, such as `/dev/stdout`, has nothing to keep and is written as it is.
final class OutputFile {
  private let path: String
  private let watch: Watch
  private var file: OwnedDescriptor?
  /// What the temporary file is to replace; nil when there is none.
  private var target: Target?

  private struct Target {
    let folder: Folder
    let name: String
    let temporaryName: String
  }

  /// `path` is not empty.
  init(path: String, watch: Watch) throws(Failure) {
    self.path = path
    self.watch = watch
    do { try open() } catch { throw failure(error) }
  }

  deinit { discard() }

  func write(_ bytes: [UInt8]) throws {
    do {
      try opened().write(bytes)
    } catch let error where error.code == EPIPE && target == nil {
      throw BrokenPipe()
    } catch {
      throw target == nil ? failure(error, "what was written before is there") : failure(error)
    }
  }

  /// Puts what was written in the place of the file, for good.
  func commit() throws(Failure) {
    do {
      try replace()
    } catch {
      throw target == nil ? failure(error, "it is whole, but may not outlive a power cut") : failure(error)
    }
  }

  /// Leaves the file as it was, unless it was committed.
  func discard() {
    file = nil
    if target != nil { watch.removeTemporary() }
    target = nil
  }

  private func failure(_ error: SystemError, _ state: String = "nothing was changed") -> Failure {
    Failure(status: .inputOutput, message: "cannot write: \(path): \(error.reason); \(state)")
  }
}

extension OutputFile {
  private func open() throws(SystemError) {
    if path.hasPrefix("/dev/") || path.hasPrefix("/proc/") { return try openDirectly() }
    if path.hasSuffix("/") { throw SystemError(code: EISDIR) }
    var existing = stat()
    var target = path
    var mode: mode_t?
    if stat(path, &existing) == 0 {
      switch existing.st_mode & S_IFMT {
      case S_IFDIR: throw SystemError(code: EISDIR)
      case S_IFREG:
        if access(path, W_OK) != 0 { throw SystemError(code: errno) }
        target = try resolvedPath(path)
        mode = existing.st_mode & 0o7777
      default: return try openDirectly()
      }
    } else if errno == ENOENT {
      target = try targetOfDanglingLinks(path)
    } else {
      throw SystemError(code: errno)
    }
    try openTemporary(beside: target)
    guard let mode else { return }
    do {
      try opened().set(mode: mode)
    } catch {
      discard()
      throw error
    }
  }

  private func openDirectly() throws(SystemError) {
    let descriptor = Glibc.open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
    if descriptor < 0 { throw SystemError(code: errno) }
    file = OwnedDescriptor(descriptor, path)
  }

  private func openTemporary(beside target: String) throws(SystemError) {
    let folder = try Folder(parentFolder(of: target), for: .naming)
    let name = target.lastIndex(of: "/").map { String(target[target.index(after: $0)...]) } ?? target
    try watch.createTemporary { () throws(SystemError) in
      while true {
        let temporaryName = ".muster-\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp"
        do throws(SystemError) {
          file = try folder.create(temporaryName)
          self.target = Target(folder: folder, name: name, temporaryName: temporaryName)
          return folder.full(temporaryName)
        } catch {
          if error.code != EEXIST { throw error }
        }
      }
    }
  }

  private func opened() throws(SystemError) -> OwnedDescriptor {
    guard let file else { throw SystemError(code: EBADF) }
    return file
  }

  private func replace() throws(SystemError) {
    guard let target else { return }
    try opened().finish()
    try watch.renameTemporary { () throws(SystemError) in
      try target.folder.rename(target.temporaryName, to: target.name)
    }
    self.target = nil
    try target.folder.sync()
  }
}

/// Where links end that lead to no file yet; the path itself when it is no link.
private func targetOfDanglingLinks(_ path: String) throws(SystemError) -> String {
  var path = path
  for _ in 0..<40 {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &buffer, buffer.count)
    // No link, or not there at all: to be created.
    if count < 0, errno == EINVAL || errno == ENOENT { return path }
    if count < 0 { throw SystemError(code: errno) }
    let link = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    path = link.hasPrefix("/") ? link : "\(parentFolder(of: path))/\(link)"
  }
  throw SystemError(code: ELOOP)
}
