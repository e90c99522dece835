package import Glibc

/// How a file is replaced so that, whatever happens, its name stands for the whole old file or the whole new one:
///
/// 1. `create` or `createTemporary` makes a file beside it; `takeRights` gives it the rights of the old one (`FileRights`)
///    before anything is in it; it is written;
/// 2. `OwnedDescriptor.finish` makes its content durable;
/// 3. `rename` puts it into the place of the old one;
/// 4. `sync` makes that durable.
extension Folder {
  /// A new file for writing. Whatever has the name already is an error, of the code EEXIST.
  ///
  /// - Parameter mode: what the umask leaves of it are its permissions. A file that is to replace one which not
  ///   everybody may read is for its owner alone until it has the rights of that.
  package func create(_ name: String, mode: mode_t = 0o666) throws(SystemError) -> OwnedDescriptor {
    try create(RawPath(name), mode: mode)
  }

  package func create(_ name: RawPath, mode: mode_t) throws(SystemError) -> OwnedDescriptor {
    let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let file = name.withCString { openat(descriptor, $0, flags, mode) }
    if file < 0 { throw SystemError("write in \(path)") }
    return OwnedDescriptor(file, full(name.description))
  }

  /// Gives the file another name, in the place of what has it.
  package func rename(_ old: String, to new: String) throws(SystemError) {
    try rename(RawPath(old), to: RawPath(new))
  }

  package func rename(_ old: RawPath, to new: RawPath) throws(SystemError) {
    let result = old.withCString { old in new.withCString { renameat(descriptor, old, descriptor, $0) } }
    if result == 0 { return }
    var error = SystemError("replace \(full(new.description))")
    if error.code == EBUSY { error.reason = mountPointReason }
    throw error
  }

  /// Removes the file if there is one.
  package func remove(_ name: RawPath) throws(SystemError) {
    if name.withCString({ unlinkat(descriptor, $0, 0) }) != 0, errno != ENOENT {
      throw SystemError("remove \(full(name.description))")
    }
  }

  /// Makes what was renamed, linked and removed outlive a power cut.
  package func sync() throws(SystemError) {
    let folder = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder < 0 { throw SystemError("make \(path) durable") }
    defer { close(folder) }
    // Some file systems cannot do this for a folder, and say so.
    if fsync(folder) != 0, errno != EINVAL { throw SystemError("make \(path) durable") }
  }

  /// Throws when the file is a mount point, such as a single file that is bound into a container: it cannot be replaced.
  /// Where /proc does not tell, `rename` will.
  package func refuseMountPoint(_ name: String) throws(SystemError) {
    guard let file = try open(name), let mount = mountNumber(of: file.number), let own = mountNumber(of: descriptor),
      mount != own
    else { return }
    throw SystemError("replace \(full(name))", reason: mountPointReason)
  }
}

private let mountPointReason = "it is a mount point of its own; mount the folder that it is in instead"

/// The number of the mount that what is open lies in, as proc(5) tells it.
private func mountNumber(of descriptor: Int32) -> Substring? {
  let number = open("/proc/self/fdinfo/\(descriptor)", O_RDONLY | O_CLOEXEC)
  if number < 0 { return nil }
  var text: [UInt8] = []
  try? OwnedDescriptor(number, "").read { bytes in
    text += bytes
    return true
  }
  let line = String(decoding: text, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("mnt_id:") }
  return line?.split(separator: "\t").last
}

extension OwnedDescriptor {
  /// Makes what was written durable.
  ///
  /// - Parameter writtenAt: what becomes the file's time, in microseconds since 1970.
  package func finish(writtenAt: Int64? = nil) throws(SystemError) {
    if let writtenAt {
      let time = timespec(microseconds: writtenAt)
      if futimens(number, [time, time]) != 0 { throw SystemError("set the time of \(path)") }
    }
    if fsync(number) != 0 { throw SystemError("write \(path)") }
  }

  package func status() throws(SystemError) -> stat {
    var status = stat()
    if fstat(number, &status) != 0 { throw SystemError("look at \(path)") }
    return status
  }

  /// Takes away what would make others run the file as its owner or group, where that is allowed.
  package func dropSpecialBits() {
    if let status = try? status(), status.st_mode & 0o7000 != 0 { _ = fchmod(number, status.permissions) }
  }
}

extension stat {
  /// The mode without the kind of file, and without what would make others run it as its owner.
  package var permissions: mode_t { st_mode & 0o777 }
}
