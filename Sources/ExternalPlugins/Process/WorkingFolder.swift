internal import Glibc
internal import PluginLaunch
internal import Posix

/// The folder of one run: empty at its beginning, gone at its end.
///
/// It is locked while its run lasts. What is not locked was left by a musterd that is gone.
struct WorkingFolder {
  private static let prefix = "muster-plugin-run-"
  private static let randomCharacterCount = 6

  let path: String
  private let lock: OwnedDescriptor

  /// Makes it in the folder for temporary files.
  init() throws(SystemError) { self = try Self.make(in: Self.parent) }

  private init(path: String, lock: OwnedDescriptor) {
    (self.path, self.lock) = (path, lock)
  }

  static var parent: String { environmentValue("TMPDIR") ?? "/tmp" }

  private static func make(in parent: String) throws(SystemError) -> WorkingFolder {
    while true {
      var template = Array("\(parent)/\(prefix)\(String(repeating: "X", count: randomCharacterCount))".utf8CString)
      guard mkdtemp(&template) != nil else { throw SystemError("make a folder in \(parent)") }
      let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      if descriptor >= 0 {
        let lock = OwnedDescriptor(descriptor, path)
        if try tryLock(descriptor), leads(path, to: descriptor) { return WorkingFolder(path: path, lock: lock) }
      } else if errno != ENOENT {
        let error = SystemError("open \(path)")
        rmdir(path)
        throw error
      }
      // Another musterd that starts took it for one that was left, before it was locked.
    }
  }

  /// Removes it and all in it, following no link.
  func remove() { removeFolder(path) }

  /// Removes the folders in `parent` whose musterd is gone, and gives how many they were. Of others than the own user
  /// none is touched, and no link is followed.
  static func removeAbandoned(in parent: String = parent) -> Int {
    guard let folder = try? Folder(parent, for: .holding), let names = try? folder.names() else { return 0 }
    return names.count { name in
      guard name.hasPrefix(prefix), name.utf8.count == prefix.utf8.count + randomCharacterCount else { return false }
      let descriptor = openat(folder.descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard descriptor >= 0 else { return false }
      defer { close(descriptor) }
      guard let owner = owner(of: descriptor), isOwn(owner), (try? tryLock(descriptor)) == true else { return false }
      emptyFolder(descriptor)
      return unlinkat(folder.descriptor, name, AT_REMOVEDIR) == 0
    }
  }

  /// Root's are given to the users of the plugins.
  private static func isOwn(_ user: UInt32) -> Bool {
    user == geteuid() || (geteuid() == 0 && Isolation.isOwnUser(user))
  }
}
