internal import Glibc

/// How a file is written that cannot be replaced: it is another file's mount point, its folder may not be written, it
/// has further names, or the new file could not have its owner and group. It stays the file it is.
///
/// Room is made before anything is changed, so a full disk leaves it as it was. A program that is killed after that, or
/// a disk that fails, leaves a part of the new content before the rest of the old one.
extension OwnedDescriptor {
  /// Makes room for so many bytes. What is in the file stays as it is, whether there is room or not.
  package func reserve(byteCount: Int) throws(SystemError) {
    let old = Int(try status().st_size)
    if byteCount <= old { return }
    let code = posix_fallocate(number, off_t(old), off_t(byteCount - old))
    if code == 0 || code == EOPNOTSUPP || code == EINVAL { return }
    ftruncate(number, off_t(old))
    throw SystemError("write \(path)", code: code)
  }

  /// Writes all that another file holds in the place of what this one does, and makes it durable.
  package func overwrite(with source: OwnedDescriptor) throws(SystemError) {
    let size = try source.status().st_size
    dropSpecialBits()
    if lseek(source.number, 0, SEEK_SET) != 0 || lseek(number, 0, SEEK_SET) != 0 { throw SystemError("write \(path)") }
    var failure: SystemError?
    try source.read { bytes in
      do throws(SystemError) { try write(Array(bytes)) } catch { failure = error }
      return failure == nil
    }
    if let failure { throw failure }
    if ftruncate(number, size) != 0 || fsync(number) != 0 { throw SystemError("write \(path)") }
  }
}
