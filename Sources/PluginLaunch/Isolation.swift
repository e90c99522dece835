/// What the kernel let the launcher do beyond limits, a process group and a clean environment, which it always has.
public struct Isolation: OptionSet, Hashable, Sendable {
  /// The bits, one for each part.
  public let rawValue: Int

  /// Of bits as they come from the launcher; unknown ones are kept.
  public init(rawValue: Int) {
    self.rawValue = rawValue
  }

  /// No network, not even the loopback interface.
  public static let network = Isolation(rawValue: 1)
  /// A process namespace: it sees only its own processes, and all of them end with the first.
  public static let processes = Isolation(rawValue: 2)
  /// No file can be changed but those in its folder. Where namespaces allow it, that lies in memory and has a limited
  /// size.
  public static let files = Isolation(rawValue: 4)
  /// A user of its own for each run, since the daemon runs as root. It may read what root may read.
  public static let user = Isolation(rawValue: 8)
  /// A namespace of users, in which processes are counted apart.
  package static let userNamespace = Isolation(rawValue: 16)
  /// It can neither signal nor hold up the daemon, whether or not it has processes or a user of its own.
  public static let signals = Isolation(rawValue: 32)
  /// A filter of system calls. It leaves no socket but pairs of streams: a network namespace leaves those of programs on
  /// this machine, the daemon's own among them.
  package static let calls = Isolation(rawValue: 128)
  /// Landlock's rules: no change outside its folder, no look into the memory of other processes.
  package static let landlock = Isolation(rawValue: 64)
  /// Its supervisor counts its processes, since the kernel would count all of the user's.
  package static let counted = Isolation(rawValue: 512)
  /// All mounts but its folder's are read-only, so that no call can change anything of other files.
  package static let mounts = Isolation(rawValue: 256)
}
