internal import Glibc

/// What a path that somebody names for output leads to. That is decided by what is there, not by how the path begins.
package enum Destination {
  /// A file that can be replaced, or none yet: its folder and its name there, links followed. The descriptor is of the
  /// file that has the name, for writing.
  case file(Folder, RawPath, existing: OwnedDescriptor?)
  /// What is written where it stands: a pipe, a device, or whatever one of our own descriptors is open for, as
  /// `/dev/stdout` names one.
  case stream(OwnedDescriptor)

  /// Follows the links of a path; nothing is created or emptied.
  package init(_ path: RawPath) throws(SystemError) {
    var (path, folder) = (path, Folder?.none)
    for _ in 0...40 {
      if path.endsInSlash { throw SystemError(code: EISDIR) }
      let parent = try Folder(path.folder, in: folder)
      let name = path.name
      if let descriptor = try parent.ownDescriptor(name) {
        self = .stream(descriptor)
        return
      }
      guard let link = try parent.linkTarget(name) else {
        self = try Destination(name, in: parent)
        return
      }
      (path, folder) = (link, parent)
    }
    throw SystemError(code: ELOOP)
  }

  /// - Parameter name: that of no link, unless it is one of `/proc`.
  private init(_ name: RawPath, in folder: Folder) throws(SystemError) {
    if folder.isOfProc {
      // What another process has open goes on behind what that has written.
      self = .stream(try folder.open(name, O_WRONLY | O_APPEND | O_NOCTTY))
      return
    }
    var status = stat()
    if name.withCString({ fstatat(folder.descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) }) != 0 {
      if errno != ENOENT { throw SystemError() }
      self = .file(folder, name, existing: nil)
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw SystemError(code: EISDIR)
    case S_IFSOCK: throw SystemError("", reason: "it is a socket, which is not written to by its name")
    case S_IFREG:
      // Whatever took the file's place since then must not make us wait.
      let file = try folder.open(name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
      guard try file.status().st_mode & S_IFMT == S_IFREG else {
        throw SystemError("", reason: "it was replaced by something else at this moment")
      }
      self = .file(folder, name, existing: file)
    default: self = .stream(try folder.open(name, O_WRONLY | O_NOFOLLOW | O_NOCTTY))
    }
  }
}

extension Folder {
  /// A copy of the descriptor that has the name in this folder, if this is where our own ones are: it stands where that
  /// one stands, and appends where that one does. Nil when this is another folder.
  fileprivate func ownDescriptor(_ name: RawPath) throws(SystemError) -> OwnedDescriptor? {
    guard isSameFolder(as: "/proc/self/fd") || isSameFolder(as: "/proc/thread-self/fd") else { return nil }
    guard let number = Int32(name.description) else { throw SystemError(code: ENOENT) }
    let flags = fcntl(number, F_GETFD)
    // One that a program we start would not get is none that we were given.
    if flags < 0 || flags & FD_CLOEXEC != 0 { throw SystemError(code: EBADF) }
    if fcntl(number, F_GETFL) & O_ACCMODE == O_RDONLY {
      throw SystemError("", reason: "the descriptor is open for reading only")
    }
    let copy = fcntl(number, F_DUPFD_CLOEXEC, 3)
    if copy < 0 { throw SystemError() }
    return OwnedDescriptor(copy, full(name.description))
  }

  private func isSameFolder(as path: String) -> Bool {
    var (own, other) = (stat(), stat())
    return fstat(descriptor, &own) == 0 && stat(path, &other) == 0 && own.isSameFile(as: other)
  }

  /// Whether it is one of `/proc`, where what looks like a link leads to what a process has open, named or not.
  fileprivate var isOfProc: Bool {
    var (own, proc, root) = (stat(), stat(), stat())
    guard fstat(descriptor, &own) == 0, stat("/proc", &proc) == 0, stat("/", &root) == 0 else { return false }
    return own.st_dev == proc.st_dev && proc.st_dev != root.st_dev
  }

  /// Where the link of that name leads, by its words; nil when it is none.
  fileprivate func linkTarget(_ name: RawPath) throws(SystemError) -> RawPath? {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let size = target.count
    let count = name.withCString { readlinkat(descriptor, $0, &target, size) }
    if count < 0 {
      if errno == EINVAL || errno == ENOENT { return nil }
      throw SystemError()
    }
    if isOfProc { return nil }
    // The system may refuse to follow it, as one that somebody else made in /tmp.
    var status = stat()
    if name.withCString({ fstatat(descriptor, $0, &status, 0) }) != 0, errno != ENOENT { throw SystemError() }
    return RawPath(bytes: target[..<count].map(UInt8.init(bitPattern:)))
  }

  fileprivate func open(_ name: RawPath, _ flags: Int32) throws(SystemError) -> OwnedDescriptor {
    let number = name.withCString { openat(descriptor, $0, flags | O_CLOEXEC) }
    if number < 0 { throw SystemError() }
    return OwnedDescriptor(number, full(name.description))
  }
}
