internal import CLinux
internal import Glibc

extension Isolation {
  /// Moves this process into namespaces of its own, as far as the kernel lets us. One that is refused is left out.
  ///
  /// - Parameter folder: becomes an empty file system in memory, with twice `size` bytes.
  static func enter(folder: String, size: Int) -> Isolation {
    var isolation: Isolation = []
    let (user, group) = (getuid(), getgid())
    if linux_unshare(CLONE_NEWIPC) == 0 {
      if user == 0, canBecomeOwnUser() { isolation.insert(.user) }
    } else if linux_unshare(CLONE_NEWUSER) == 0 {
      // In a namespace of users of our own we may make the others; we keep our number in it.
      isolation.insert(.userNamespace)
      write("deny", to: "/proc/self/setgroups")
      write("\(user) \(user) 1", to: "/proc/self/uid_map")
      write("\(group) \(group) 1", to: "/proc/self/gid_map")
      _ = linux_unshare(CLONE_NEWIPC)
    } else if user == 0, canBecomeOwnUser() {
      isolation.insert(.user)
    }
    // Without any socket there is no network to be kept from, and its namespace costs more than all others together.
    let canRefuseCalls = linux_can_refuse_calls() != 0
    if canRefuseCalls || linux_unshare(CLONE_NEWNET) == 0 { isolation.insert(.network) }
    let owner = isolation.contains(.user) ? ownUser(of: getpid()) : user
    let isMounted = mountFolder(folder, size: size, owner: owner)
    if isMounted {
      if makeRestReadOnly(folder) { isolation.formUnion([.files, .mounts]) }
    } else if isolation.contains(.user) {
      chown(folder, owner, owner)
    }
    if linux_unshare(CLONE_NEWPID) == 0 { isolation.insert(.processes) }
    // What the plugin is confined to right before its start, also in the sandbox of a service without namespaces.
    if canRefuseCalls { isolation.formUnion([.calls, .signals]) }
    if linux_landlock_version() > 0 { isolation.formUnion([.files, .landlock]) }
    if isolation.isDisjoint(with: [.user, .userNamespace]), Descendants.areKnown { isolation.insert(.counted) }
    return isolation
  }

  /// What the plugin could do to other processes of the daemon's user if no call were refused to it.
  var reach: linux_reach {
    if !isDisjoint(with: [.processes, .user]) { return LINUX_REACH_NONE }
    return contains(.landlock) && linux_landlock_version() >= LINUX_LANDLOCK_SIGNALS
      ? LINUX_REACH_PROCESSES_WITHOUT_SIGNALS : LINUX_REACH_PROCESSES
  }

  /// What is refused to a plugin that is this process, and to its children.
  func confinement(of plugin: pid_t) -> linux_confinement {
    var confinement = linux_confinement()
    confinement.reach = reach
    if !contains(.mounts) {
      confinement.has_attributes = 1
      confinement.can_cut = linux_landlock_version() < LINUX_LANDLOCK_TRUNCATE ? 1 : 0
    }
    confinement.itself = plugin
    return confinement
  }

  /// The number of the user that the plugin becomes whose supervisor is that process: beyond all numbers that are
  /// handed out, and different for processes that live at the same time.
  static func ownUser(of session: pid_t) -> UInt32 { firstOwnUser | UInt32(truncatingIfNeeded: session) }

  /// Whether the number can be that of such a user. Processes have no number beyond 2^22.
  package static func isOwnUser(_ user: UInt32) -> Bool { user & ~0x3F_FFFF == firstOwnUser }

  private static let firstOwnUser: UInt32 = 0x7000_0000

  /// Whether all users' numbers exist here: in a container of a user's own they may not.
  private static func canBecomeOwnUser() -> Bool {
    readLine(of: "/proc/self/uid_map").split(separator: " ") == ["0", "0", "4294967295"]
  }

  private static func mountFolder(_ folder: String, size: Int, owner: UInt32) -> Bool {
    guard linux_unshare(CLONE_NEWNS) == 0 else { return false }
    guard linux_make_mounts_private() == 0 else { return false }
    let options = "size=\(2 * size),nr_inodes=4096,mode=700,uid=\(owner),gid=\(owner)"
    return linux_mount_memory(folder, options) == 0
  }

  private static func makeRestReadOnly(_ folder: String) -> Bool {
    linux_mount_set_read_only("/", 1) == 0 && linux_mount_set_read_only(folder, 0) == 0
  }
}

/// How many threads of the user there are: all count against his limit of processes.
func processCount(of user: uid_t) -> Int {
  entries(of: "/proc").reduce(0) { count, name in
    var status = stat()
    guard let pid = pid_t(name), stat("/proc/\(name)", &status) == 0, status.st_uid == user else { return count }
    return count + threads(of: pid).count
  }
}

func threads(of process: pid_t) -> [pid_t] { entries(of: "/proc/\(process)/task").compactMap { pid_t($0) } }

/// The children that one thread of the process started.
func children(of process: pid_t, _ thread: pid_t) -> [pid_t] {
  readLine(of: "/proc/\(process)/task/\(thread)/children").split(separator: " ").compactMap { pid_t($0) }
}

/// - Parameter folder: where a relative path begins.
func write(_ text: String, to path: String, in folder: Int32 = AT_FDCWD) {
  let descriptor = openat(folder, path, O_WRONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  var text = text
  text.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
  close(descriptor)
}

func readLine(of path: String) -> String {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return "" }
  defer { close(descriptor) }
  var line: [UInt8] = []
  var bytes = [UInt8](repeating: 0, count: 4096)
  while case let count = read(descriptor, &bytes, bytes.count), count > 0 {
    line += bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }
    if bytes[..<count].contains(UInt8(ascii: "\n")) { break }
  }
  return String(decoding: line, as: UTF8.self)
}

private func entries(of folder: String) -> [String] {
  guard let stream = opendir(folder) else { return [] }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}
