package import Glibc

/// How a file is replaced so that, whatever happens, its name stands for the whole old file or the whole new one:
///
/// 1. `create` makes a temporary file beside it, which is written;
/// 2. `OwnedDescriptor.finish` gives it its mode and makes its content durable;
/// 3. `rename` puts it into the place of the old one;
/// 4. `sync` makes that durable.
extension Folder {
  /// A new file for writing. Whatever has the name already is an error, of the code EEXIST.
  package func create(_ name: String) throws(SystemError) -> OwnedDescriptor {
    let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    if file < 0 { throw SystemError("write in \(path)") }
    return OwnedDescriptor(file, full(name))
  }

  /// Gives the file another name, in the place of what has it.
  package func rename(_ old: String, to new: String) throws(SystemError) {
    if renameat(descriptor, old, descriptor, new) != 0 { throw SystemError("replace \(full(new))") }
  }

  /// Makes what was renamed, linked and removed outlive a power cut.
  package func sync() throws(SystemError) {
    let folder = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder < 0 { throw SystemError("make \(path) durable") }
    defer { close(folder) }
    // Some file systems cannot do this for a folder, and say so.
    if fsync(folder) != 0, errno != EINVAL { throw SystemError("make \(path) durable") }
  }
}

extension OwnedDescriptor {
  /// Makes what was written durable.
  ///
  /// - Parameters:
  ///   - mode: the file's permissions, if they are to be others than those of a new file.
  ///   - writtenAt: what becomes the file's time, in microseconds since 1970.
  package func finish(mode: mode_t? = nil, writtenAt: Int64? = nil) throws(SystemError) {
    if let mode { try set(mode: mode) }
    if let writtenAt {
      let time = timespec(microseconds: writtenAt)
      if futimens(number, [time, time]) != 0 { throw SystemError("set the time of \(path)") }
    }
    if fsync(number) != 0 { throw SystemError("write \(path)") }
  }

  /// - Parameter mode: the permissions, without the kind of file.
  package func set(mode: mode_t) throws(SystemError) {
    if fchmod(number, mode) != 0 { throw SystemError("set the mode of \(path)") }
  }
}
