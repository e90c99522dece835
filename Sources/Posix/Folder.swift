package import Glibc

/// A folder held by its descriptor: every name is looked up in it alone, wherever its path may lead by then.
package final class Folder: Sendable {
  package let path: String
  package let descriptor: Int32

  /// What a folder is opened for.
  package enum Purpose: Sendable {
    /// To work with what is in it. It must be readable, and no link of its name or in it is followed: nothing outside
    /// can be read or written through it.
    case holding
    /// To give names in it, which takes no right to read it. Its own path may be a link.
    case naming
  }

  /// A folder that is there. It is not created when it is missing: it may be on a disk that is not there at the moment.
  package init(_ path: String, for purpose: Purpose) throws(SystemError) {
    var name = path[...]
    // A name with / behind it would be followed if it is a link.
    while purpose == .holding, name.count > 1, name.last == "/" { name.removeLast() }
    self.path = String(name)
    let flags = purpose == .holding ? O_RDONLY | O_NOFOLLOW : pathOnlyFlag
    descriptor = Glibc.open(self.path, flags | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 { return }
    let code = errno
    var status = stat()
    if purpose == .holding, lstat(self.path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
      throw SystemError("use the folder \(self.path)", reason: "it is a symbolic link, which is not followed")
    }
    throw SystemError("use the folder \(self.path)", code: code)
  }

  /// To give names in it, as `Purpose.naming` has it.
  ///
  /// - Parameter folder: where a relative path begins; nil for the current folder.
  package init(_ path: RawPath, in folder: Folder? = nil) throws(SystemError) {
    self.path = path.isAbsolute || folder == nil ? path.description : "\(folder?.path ?? "")/\(path)"
    let flags = pathOnlyFlag | O_DIRECTORY | O_CLOEXEC
    descriptor = path.withCString { openat(folder?.descriptor ?? AT_FDCWD, $0, flags) }
    if descriptor < 0 { throw SystemError("use the folder \(self.path)") }
  }

  deinit { close(descriptor) }

  /// The path of what has that name, for messages.
  package func full(_ name: String) -> String { "\(path)/\(name)" }

  /// The file's status; nil when there is none of that name.
  ///
  /// Throws when something else than a regular file has that name.
  package func status(of name: String) throws(SystemError) -> stat? {
    var status = stat()
    if fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) != 0 {
      if errno == ENOENT { return nil }
      throw SystemError("look at \(full(name))")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return status
    case S_IFLNK: throw SystemError("use \(full(name))", reason: "it is a symbolic link, which is not followed")
    case S_IFDIR: throw SystemError("use \(full(name))", reason: "it is a folder")
    default: throw SystemError("use \(full(name))", reason: "it is no regular file")
    }
  }

  /// A descriptor for reading; nil when there is no file of that name.
  package func open(_ name: String) throws(SystemError) -> OwnedDescriptor? {
    guard try status(of: name) != nil else { return nil }
    // Whatever took the file's place since then must not make us wait.
    let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    if file >= 0 { return OwnedDescriptor(file, full(name)) }
    if errno == ENOENT { return nil }
    throw SystemError("read \(full(name))")
  }

  /// The whole file; nil when there is none, or when it has more bytes than that.
  package func contents(of name: String, limit: Int) throws(SystemError) -> [UInt8]? {
    guard let file = try open(name) else { return nil }
    var contents: [UInt8] = []
    try file.read { bytes in
      contents += bytes
      return contents.count <= limit
    }
    return contents.count <= limit ? contents : nil
  }

  /// Throws when the path leads to another folder by now, where what was done in this one does not show.
  package func checkPlace() throws(SystemError) {
    var (own, other) = (stat(), stat())
    guard fstat(descriptor, &own) == 0, lstat(path, &other) == 0, own.isSameFile(as: other) else {
      throw SystemError("write in \(path)", reason: "it was renamed or replaced during the run")
    }
  }

  /// Gives the file a second name. Returns false when another file has it.
  package func link(_ old: String, to new: String) throws(SystemError) -> Bool {
    if linkat(descriptor, old, descriptor, new, 0) == 0 { return true }
    guard errno == EEXIST else { throw SystemError("keep \(full(old)) as \(new)") }
    guard let a = try status(of: old), let b = try status(of: new) else { return false }
    return a.isSameFile(as: b)
  }

  /// Removes the file if there is one.
  package func remove(_ name: String) throws(SystemError) {
    if unlinkat(descriptor, name, 0) != 0, errno != ENOENT { throw SystemError("remove \(full(name))") }
  }

  /// The names of all entries but `.` and `..`, in no order.
  package func names() throws(SystemError) -> [String] { try entryNames(in: descriptor, path) }
}

/// Whether the path leads to the file that is open, and not by a link.
package func leads(_ path: String, to descriptor: Int32) -> Bool {
  var (own, other) = (stat(), stat())
  return fstat(descriptor, &own) == 0 && lstat(path, &other) == 0 && own.isSameFile(as: other)
}

/// The user to whom an open file belongs.
package func owner(of descriptor: Int32) -> UInt32? {
  var status = stat()
  return fstat(descriptor, &status) == 0 ? status.st_uid : nil
}

extension stat {
  /// Whether both are of one file, under whatever names.
  package func isSameFile(as other: stat) -> Bool { st_ino == other.st_ino && st_dev == other.st_dev }

  /// When the file was written, in microseconds since 1970.
  package var modifiedAt: Int64 { st_mtim.microseconds }
}
