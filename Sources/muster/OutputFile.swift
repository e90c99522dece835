import Glibc

/// A file that holds what it held before until all that is written stands on the disk, and then that.
///
/// A temporary file of the same folder takes the place of the old one, and its mode. A link is followed. What is no
/// regular file, such as a pipe, or stands for one, such as `/dev/stdout`, has nothing to keep and is written as it is.
final class OutputFile {
  private let path: String
  private let watch: Watch
  private var descriptor: Int32 = -1
  /// What the temporary file is to replace; nil when there is none.
  private var target: String?

  /// `path` is not empty.
  init(path: String, watch: Watch) throws(Failure) {
    self.path = path
    self.watch = watch
    do { try open() } catch { throw failure(error) }
  }

  deinit { discard() }

  func write(_ bytes: [UInt8]) throws {
    do {
      try writeAll(bytes, to: descriptor)
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
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    if target != nil { watch.removeTemporary() }
    target = nil
  }

  private func failure(_ error: SystemError, _ state: String = "nothing was changed") -> Failure {
    Failure(status: .inputOutput, message: "cannot write: \(path): \(systemText(error.code)); \(state)")
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
        guard let resolved = realpath(path, nil) else { throw SystemError(code: errno) }
        defer { free(resolved) }
        target = String(cString: resolved)
        mode = existing.st_mode & 0o7777
      default: return try openDirectly()
      }
    } else if errno == ENOENT {
      target = try targetOfDanglingLinks(path)
    } else {
      throw SystemError(code: errno)
    }
    try openTemporary(beside: target)
    self.target = target
    if let mode, fchmod(descriptor, mode) != 0 {
      let code = errno
      discard()
      throw SystemError(code: code)
    }
  }

  private func openDirectly() throws(SystemError) {
    descriptor = Glibc.open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
    if descriptor < 0 { throw SystemError(code: errno) }
  }

  private func openTemporary(beside target: String) throws(SystemError) {
    try watch.createTemporary { () throws(SystemError) in
      while true {
        let name = "\(folder(of: target))/.muster-\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp"
        descriptor = Glibc.open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        if descriptor >= 0 { return name }
        if errno != EEXIST { throw SystemError(code: errno) }
      }
    }
  }

  private func replace() throws(SystemError) {
    guard let target else { return }
    if fsync(descriptor) != 0 { throw SystemError(code: errno) }
    try watch.renameTemporary(to: target)
    self.target = nil
    let folder = Glibc.open(folder(of: target), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder < 0 { throw SystemError(code: errno) }
    defer { close(folder) }
    // Some file systems cannot do this for a folder, and say so.
    if fsync(folder) != 0, errno != EINVAL { throw SystemError(code: errno) }
  }
}

private func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
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
    path = link.hasPrefix("/") ? link : "\(folder(of: path))/\(link)"
  }
  throw SystemError(code: ELOOP)
}
