internal import Base
internal import Crypto
internal import Glibc
internal import Posix

/// What exports do in their folder, beyond what any folder offers.
extension Folder {
  /// The SHA-256 of the file in hexadecimal; nil when there is none.
  ///
  /// Throws `SystemError`, or `CancellationError` when it is interrupted.
  func digest(of name: String, _ interruption: Interruption) throws -> String? {
    guard let file = try open(name) else { return nil }
    var hash = SHA256()
    try file.read { bytes in
      hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
      return !interruption.isRequested
    }
    try interruption.check()
    return hexadecimal(hash.finalize())
  }

  /// As `create`, with the rights of the file that it is to replace, or else for the owner of the folder.
  func create(_ name: String, toReplace old: FileRights?) throws(SystemError) -> OwnedDescriptor {
    let file = try create(name, mode: old == nil ? 0o666 : 0o600)
    if let old { try file.takeRights(of: old) } else { giveToOwner(file.number) }
    return file
  }

  /// Writes into a file that is there, for when there is no room for another one. It holds all of it, or nothing.
  func overwrite(_ name: String, with bytes: [UInt8]) throws(SystemError) {
    guard try status(of: name) != nil else { return }
    let number = openat(descriptor, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    if number < 0 { throw SystemError("write \(full(name))") }
    let file = OwnedDescriptor(number, full(name))
    do {
      try file.write(bytes)
    } catch {
      ftruncate(number, 0)
      throw error
    }
    if ftruncate(number, bytes.count) != 0 || fsync(number) != 0 { throw SystemError("write \(file.path)") }
  }
}

extension Folder {
  /// A file that is locked, created when it is missing, and never removed; nil when somebody else holds the lock.
  func lock(_ name: String) throws(SystemError) -> OwnedDescriptor? {
    let lock = OwnedDescriptor(try openLock(name), full(name))
    do { return try tryLock(lock.number) ? lock : nil } catch {
      throw SystemError("lock \(lock.path)", code: error.code)
    }
  }

  private func openLock(_ name: String) throws(SystemError) -> Int32 {
    let flags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    while true {
      let file = openat(descriptor, name, O_RDWR | flags)
      if file >= 0 {
        makePrivate(file)
        return file
      }
      // A lock takes the right to write on NFS alone; whatever another user made can be read.
      let code = errno
      if code == EACCES || code == EPERM || code == EROFS {
        let readable = openat(descriptor, name, O_RDONLY | flags)
        if readable >= 0 { return readable }
      }
      if code != ENOENT { throw SystemError("open the lock \(full(name))\(owner(of: name))", code: code) }
      let new = openat(descriptor, name, O_RDWR | O_CREAT | O_EXCL | flags, 0o600)
      if new >= 0 {
        giveToOwner(new)
        return new
      }
      if errno != EEXIST { throw SystemError("write in \(path)") }
    }
  }

  /// Whoever can read a file can lock it, and keep us from writing the export for ever. Older versions let all read it.
  private func makePrivate(_ lock: Int32) {
    var status = stat()
    guard fstat(lock, &status) == 0, status.st_mode & 0o077 != 0 else { return }
    // Root's are given to the folder's owner. What has another name, too, may be no lock.
    let isOurs = status.st_uid == geteuid() || geteuid() == 0
    if isOurs, status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1 { fchmod(lock, 0o600) }
  }

  private func owner(of name: String) -> String {
    var status = stat()
    guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return "" }
    return status.st_uid == 0 ? " of root" : " of the user \(status.st_uid)"
  }

  /// What root makes in somebody's folder is his, or his daemon could not use it later.
  private func giveToOwner(_ file: Int32) {
    var status = stat()
    guard geteuid() == 0, fstat(descriptor, &status) == 0, status.st_uid != 0 else { return }
    // Where root may not, others can read it all the same.
    _ = fchown(file, status.st_uid, status.st_gid)
  }
}
