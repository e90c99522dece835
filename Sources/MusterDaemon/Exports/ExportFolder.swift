internal import CLinux
internal import Crypto
internal import Glibc

/// The folder that exports are in, held by its descriptor: every name is looked up in it alone, and no symbolic link is
/// followed, so that nothing outside can be read or written through it.
final class ExportFolder: Sendable {
  let path: String
  private let descriptor: Int32

  /// The folder is not created when it is missing: it may be on a disk that is not there at the moment.
  init(path: String) throws(FileError) {
    // A name with / behind it would be followed if it is a link.
    var name = path[...]
    while name.count > 1, name.last == "/" { name.removeLast() }
    self.path = String(name)
    descriptor = Glibc.open(self.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    if descriptor >= 0 { return }
    let code = errno
    var status = stat()
    if lstat(self.path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
      throw FileError("cannot use the folder \(self.path)", reason: "it is a symbolic link, which is not followed")
    }
    throw FileError("cannot use the folder \(self.path)", code: code)
  }

  deinit { close(descriptor) }

  private func full(_ name: String) -> String { "\(path)/\(name)" }

  /// The file's status; nil when there is none of that name.
  ///
  /// Throws when something else than a regular file has that name.
  func status(of name: String) throws(FileError) -> stat? {
    var status = stat()
    if fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) != 0 {
      if errno == ENOENT { return nil }
      throw FileError("cannot look at \(full(name))")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return status
    case S_IFLNK: throw FileError("cannot use \(full(name))", reason: "it is a symbolic link, which is not followed")
    case S_IFDIR: throw FileError("cannot use \(full(name))", reason: "it is a folder")
    default: throw FileError("cannot use \(full(name))", reason: "it is no regular file")
    }
  }

  /// A descriptor for reading; nil when there is no file of that name.
  func open(_ name: String) throws(FileError) -> OwnedDescriptor? {
    guard try status(of: name) != nil else { return nil }
    // Whatever took the file's place since then must not make the daemon wait.
    let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    if file >= 0 { return OwnedDescriptor(file, full(name)) }
    if errno == ENOENT { return nil }
    throw FileError("cannot read \(full(name))")
  }

  /// The whole file; nil when there is none, or when it has more bytes than that.
  func contents(of name: String, limit: Int) throws(FileError) -> [UInt8]? {
    guard let file = try open(name) else { return nil }
    var contents: [UInt8] = []
    try file.read { bytes in
      contents += bytes
      return contents.count <= limit
    }
    return contents.count <= limit ? contents : nil
  }

  /// The SHA-256 of the file in hexadecimal; nil when there is none.
  ///
  /// Throws `FileError`, or `CancellationError` when it is interrupted.
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

  /// A new file for writing. Whatever has the name already is an error.
  func create(_ name: String) throws(FileError) -> OwnedDescriptor {
    let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    if file < 0 { throw FileError("cannot write in \(path)") }
    giveToOwner(file)
    return OwnedDescriptor(file, full(name))
  }

  /// Writes into a file that is there, for when there is no room for another one. It holds all of it, or nothing.
  func overwrite(_ name: String, with bytes: [UInt8]) throws(FileError) {
    guard try status(of: name) != nil else { return }
    let number = openat(descriptor, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    if number < 0 { throw FileError("cannot write \(full(name))") }
    let file = OwnedDescriptor(number, full(name))
    do {
      try file.write(bytes)
    } catch {
      ftruncate(number, 0)
      throw error
    }
    if ftruncate(number, bytes.count) != 0 || fsync(number) != 0 { throw FileError("cannot write \(file.path)") }
  }

  /// Throws when the path leads to another folder by now, where what was done in this one does not show.
  func checkPlace() throws(FileError) {
    var (own, other) = (stat(), stat())
    guard fstat(descriptor, &own) == 0, lstat(path, &other) == 0, own.st_ino == other.st_ino, own.st_dev == other.st_dev
    else { throw FileError("cannot write in \(path)", reason: "it was renamed or replaced during the run") }
  }

  /// Gives the file another name, in the place of what has it.
  func rename(_ old: String, to new: String) throws(FileError) {
    if renameat(descriptor, old, descriptor, new) != 0 { throw FileError("cannot replace \(full(new))") }
  }

  /// Gives the file a second name. Returns false when another file has it.
  func link(_ old: String, to new: String) throws(FileError) -> Bool {
    if linkat(descriptor, old, descriptor, new, 0) == 0 { return true }
    guard errno == EEXIST else { throw FileError("cannot keep \(full(old)) as \(new)") }
    let (a, b) = (try status(of: old), try status(of: new))
    return a?.st_ino == b?.st_ino && a?.st_dev == b?.st_dev
  }

  /// Removes the file if there is one.
  func remove(_ name: String) throws(FileError) {
    if unlinkat(descriptor, name, 0) != 0, errno != ENOENT { throw FileError("cannot remove \(full(name))") }
  }

  /// Makes what was renamed, linked and removed outlive a power cut.
  func sync() throws(FileError) {
    // Some file systems cannot do this for a folder, and say so.
    if fsync(descriptor) != 0, errno != EINVAL { throw FileError("cannot make \(path) durable") }
  }

  /// The names of all entries, in no order.
  func names() throws(FileError) -> [String] {
    // The copy would share its place in the folder with the descriptor.
    let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let folder = fdopendir(copy) else { throw FileError("cannot read the folder \(path)") }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: 256) { names.append(String(cString: $0)) }
      }
    }
    return names
  }
}

extension ExportFolder {
  /// A file that is locked, created when it is missing, and never removed; nil when somebody else holds the lock.
  func lock(_ name: String) throws(FileError) -> OwnedDescriptor? {
    let lock = OwnedDescriptor(try openLock(name), full(name))
    if linux_try_lock(lock.number) == 0 { return lock }
    if errno == EWOULDBLOCK { return nil }
    throw FileError("cannot lock \(lock.path)")
  }

  private func openLock(_ name: String) throws(FileError) -> Int32 {
    let flags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    while true {
      let file = openat(descriptor, name, O_RDWR | flags)
      if file >= 0 { return file }
      // A lock takes the right to write on NFS alone; whatever another user made can be read.
      let code = errno
      if code == EACCES || code == EPERM || code == EROFS {
        let readable = openat(descriptor, name, O_RDONLY | flags)
        if readable >= 0 { return readable }
      }
      if code != ENOENT { throw FileError("cannot open the lock \(full(name))\(owner(of: name))", code: code) }
      let new = openat(descriptor, name, O_RDWR | O_CREAT | O_EXCL | flags, 0o644)
      if new >= 0 {
        giveToOwner(new)
        fchmod(new, 0o644)
        return new
      }
      if errno != EEXIST { throw FileError("cannot write in \(path)") }
    }
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
