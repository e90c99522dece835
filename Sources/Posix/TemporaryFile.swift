internal import Glibc

/// A file that is to replace another one of its folder, while it is written.
///
/// It has no name until then where the file system can have such files, so nothing is left of it when the program is
/// killed. Elsewhere, and for the moment between getting a name and getting the right one, its name is
/// `.muster-DIGEST.tmp` for a digest of the final one, and it is locked: the next run that writes the same file removes
/// it once nobody holds the lock.
package final class TemporaryFile: Sendable {
  package let file: OwnedDescriptor
  private let folder: Folder
  /// The name that it has from the beginning; nil when it needs none.
  private let name: RawPath?

  /// - Parameters:
  ///   - target: the name in the folder that it is to get.
  ///   - mode: as that of `Folder.create`.
  ///   - isNamed: whether it has a name from the beginning, even if it needs none.
  package init(for target: RawPath, in folder: Folder, mode: UInt32, isNamed: Bool = false) throws(SystemError) {
    self.folder = folder
    if !isNamed, let file = try folder.createNameless(mode: mode) {
      self.file = file
      _ = try? tryLock(file.number)
      name = nil
      return
    }
    var created: OwnedDescriptor?
    name = try folder.claimName(for: target) { (name) throws(SystemError) in
      let file = try folder.create(name, mode: mode)
      // Whoever came in between and holds the lock takes it for abandoned, and removes it.
      if (try? tryLock(file.number)) == false { throw SystemError(code: EEXIST) }
      created = file
    }
    guard let created else { throw SystemError("write in \(folder.path)", code: EIO) }
    file = created
  }

  /// Whether a name stands in the folder which is to be removed unless `replace` succeeds.
  package var isNamed: Bool { name != nil }

  /// Puts the file into the place of what has the name.
  package func replace(_ target: RawPath) throws(SystemError) {
    if let name { return try folder.rename(name, to: target) }
    let name = try folder.claimName(for: target) { (name) throws(SystemError) in try folder.link(file, to: name) }
    do {
      try folder.rename(name, to: target)
    } catch {
      try? folder.remove(name)
      throw error
    }
  }

  /// Removes the name that is not the final one.
  package func remove() {
    if let name { try? folder.remove(name) }
  }
}

extension Folder {
  /// A file without a name, for writing and reading; nil where the file system has none, or nothing can name it later.
  fileprivate func createNameless(mode: mode_t) throws(SystemError) -> OwnedDescriptor? {
    let number = openat(descriptor, ".", namelessFlag | O_RDWR | O_CLOEXEC, mode)
    if number < 0 {
      if [EOPNOTSUPP, EISDIR, ENOENT, EINVAL].contains(errno) { return nil }
      throw SystemError("write in \(path)")
    }
    let file = OwnedDescriptor(number, full("(new file)"))
    return access("/proc/self/fd/\(number)", F_OK) == 0 ? file : nil
  }

  /// Gives a file without a name this one, unless something has it.
  fileprivate func link(_ file: OwnedDescriptor, to name: RawPath) throws(SystemError) {
    let path = "/proc/self/fd/\(file.number)"
    if name.withCString({ linkat(AT_FDCWD, path, descriptor, $0, AT_SYMLINK_FOLLOW) }) != 0 {
      throw SystemError("write in \(self.path)")
    }
  }

  /// Finds a name for a file that is to replace another one: the one that each run finds again, or any if a run has
  /// that at the moment.
  ///
  /// - Parameter take: takes the name, or throws EEXIST where something has it.
  fileprivate func claimName(
    for target: RawPath, _ take: (RawPath) throws(SystemError) -> Void
  ) throws(SystemError) -> RawPath {
    // FNV-1a: a name of at most 255 bytes, whatever the other one is.
    let digest = target.bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    var number = digest
    while true {
      let name = RawPath(".muster-\(String(number, radix: 36)).tmp")
      do throws(SystemError) {
        try take(name)
        return name
      } catch {
        if error.code != EEXIST { throw error }
      }
      if !removeAbandoned(name) { number = .random(in: 0 ... .max) }
    }
  }

  /// Removes a temporary file that a run left which was killed. False when it is in use, or not ours to remove.
  private func removeAbandoned(_ name: RawPath) -> Bool {
    let number = name.withCString { openat(descriptor, $0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) }
    if number < 0 { return errno == ENOENT }
    let file = OwnedDescriptor(number, full(name.description))
    var named = stat()
    // While this holds the lock nobody else removes what has the name.
    guard (try? tryLock(number)) == true, let status = try? file.status(),
      name.withCString({ fstatat(descriptor, $0, &named, AT_SYMLINK_NOFOLLOW) }) == 0
    else { return false }
    return status.isSameFile(as: named) && (try? remove(name)) != nil
  }
}

/// O_TMPFILE of fcntl.h, which Swift's Glibc does not offer.
private let namelessFlag: Int32 = 0o20_000_000 | O_DIRECTORY

/// A file without a name in the folder for temporary files, for writing and reading.
package func createSpoolFile() throws(SystemError) -> OwnedDescriptor {
  let folder = environmentPath("TMPDIR") ?? RawPath("/tmp")
  var template = folder.appending("muster-XXXXXX").bytes.map(CChar.init(bitPattern:)) + [0]
  let number = mkstemp(&template)
  if number < 0 { throw SystemError("write in \(folder)") }
  _ = fcntl(number, F_SETFD, FD_CLOEXEC)
  unlink(template)
  return OwnedDescriptor(number, folder.description)
}
