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

  /// The file's status; nil when there is none of that name.
  ///
  /// Throws when something else than a regular file has that name.
  func status(of name: String) throws(FileError) -> stat? {
    var status = stat()
    if fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) != 0 {
      if errno == ENOENT { return nil }
      throw FileError("cannot look at \(name)")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return status
    case S_IFLNK: throw FileError("cannot use \(name)", reason: "it is a symbolic link, which is not followed")
    case S_IFDIR: throw FileError("cannot use \(name)", reason: "it is a folder")
    default: throw FileError("cannot use \(name)", reason: "it is no regular file")
    }
  }

  /// A descriptor for reading; nil when there is no file of that name.
  func open(_ name: String) throws(FileError) -> OwnedDescriptor? {
    guard try status(of: name) != nil else { return nil }
    // Whatever took the file's place since then must not make the daemon wait.
    let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    if file >= 0 { return OwnedDescriptor(file) }
    if errno == ENOENT { return nil }
    throw FileError("cannot read \(name)")
  }

  /// The whole file; nil when there is none, or when it has more bytes than that.
  func contents(of name: String, limit: Int) throws(FileError) -> [UInt8]? {
    guard let file = try open(name) else { return nil }
    var contents: [UInt8] = []
    try file.read(name) { bytes in
      contents += bytes
      return contents.count <= limit
    }
    return contents.count <= limit ? contents : nil
  }

  /// The SHA-256 of the file in hexadecimal; nil when there is none.
  func digest(of name: String) throws(FileError) -> String? {
    guard let file = try open(name) else { return nil }
    var hash = SHA256()
    try file.read(name) { bytes in
      hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
      return true
    }
    return hexadecimal(hash.finalize())
  }

  /// A new file for writing. Whatever has the name already is an error.
  func create(_ name: String) throws(FileError) -> OwnedDescriptor {
    let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    if file < 0 { throw FileError("cannot write in \(path)") }
    return OwnedDescriptor(file)
  }

  /// A file that is locked, created when it is missing, and never removed; nil when somebody else holds the lock.
  func lock(_ name: String) throws(FileError) -> OwnedDescriptor? {
    let file = openat(descriptor, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
    if file < 0 { throw FileError("cannot write in \(path)") }
    let lock = OwnedDescriptor(file)
    if linux_try_lock(file) == 0 { return lock }
    if errno == EWOULDBLOCK { return nil }
    throw FileError("cannot lock \(name)")
  }

  /// Gives the file another name, in the place of what has it.
  func rename(_ old: String, to new: String) throws(FileError) {
    if renameat(descriptor, old, descriptor, new) != 0 { throw FileError("cannot replace \(new)") }
  }

  /// Gives the file a second name. Returns false when another file has it.
  func link(_ old: String, to new: String) throws(FileError) -> Bool {
    if linkat(descriptor, old, descriptor, new, 0) == 0 { return true }
    guard errno == EEXIST else { throw FileError("cannot keep \(old) as \(new)") }
    let (a, b) = (try status(of: old), try status(of: new))
    return a?.st_ino == b?.st_ino && a?.st_dev == b?.st_dev
  }

  /// Removes the file if there is one.
  func remove(_ name: String) throws(FileError) {
    if unlinkat(descriptor, name, 0) != 0, errno != ENOENT { throw FileError("cannot remove \(name)") }
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

/// A descriptor that is closed when nobody needs it any more.
final class OwnedDescriptor: Sendable {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { close(number) }

  /// Reads from the beginning on until the end, or until `body` returns false.
  func read(_ name: String, _ body: (UnsafeBufferPointer<UInt8>) -> Bool) throws(FileError) {
    let size = 256 << 10
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: size)
    defer { buffer.deallocate() }
    while true {
      let count = Glibc.read(number, buffer.baseAddress, size)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw FileError("cannot read \(name)") }
      if count == 0 || !body(UnsafeBufferPointer(rebasing: buffer[..<count])) { return }
    }
  }

  func write(_ bytes: [UInt8], to name: String) throws(FileError) {
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(number, $0.baseAddress.map { $0 + start }, $0.count - start) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { throw FileError("cannot write \(name)") }
      start += count
    }
  }
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
