/// What the launcher is to do before it becomes the plugin. It travels as the launcher's arguments.
struct LaunchOrder: Hashable, Sendable {
  /// The plugin's own empty folder.
  var folder: String
  /// The process that gives the order; without it there is nobody to run for.
  var parent: Int32
  /// Bytes of address space.
  var memory: Int
  /// Seconds.
  var cpuTime: Int
  var processes: Int
  /// Bytes of one file, and half of those of the folder.
  var fileSize: Int
  /// The program's path and its arguments.
  var command: [String]

  /// The first argument by which a program knows that it is to be the launcher.
  static let option = "--launch-plugin"

  var arguments: [String] {
    [Self.option, folder, "\(parent)", "\(memory)", "\(cpuTime)", "\(processes)", "\(fileSize)"] + command
  }

  init(
    folder: String, parent: Int32, memory: Int, cpuTime: Int, processes: Int, fileSize: Int, command: [String]
  ) {
    self.folder = folder
    self.parent = parent
    self.memory = memory
    self.cpuTime = cpuTime
    self.processes = processes
    self.fileSize = fileSize
    self.command = command
  }

  /// Reads the arguments of a process, the program's name left out; nil when they are no order.
  init?(arguments: some Collection<String>) {
    let words = Array(arguments)
    guard words.count >= 8, words[0] == Self.option, let parent = Int32(words[2]) else { return nil }
    let numbers = words[3..<7].compactMap { Int($0) }
    guard numbers.count == 4 else { return nil }
    self.init(
      folder: words[1], parent: parent, memory: numbers[0], cpuTime: numbers[1], processes: numbers[2],
      fileSize: numbers[3], command: Array(words[7...]))
  }
}

/// What the launcher tells the host on a descriptor of its own, a line each.
enum LaunchReport: Hashable {
  case isolation(Isolation)
  /// The plugin could not be started: at that step, with that error number.
  case failed(step: String, code: Int32)
  /// The plugin's first process ended, with that status of waitpid(2).
  case ended(status: Int32)

  /// Where the launcher finds the descriptor.
  static let descriptor: Int32 = 3

  var line: String {
    switch self {
    case .isolation(let isolation): "isolation \(isolation.rawValue)"
    case .failed(let step, let code): "failed \(code) \(step)"
    case .ended(let status): "ended \(status)"
    }
  }

  init?(line: some StringProtocol) {
    let words = line.split(separator: " ", maxSplits: 2)
    guard words.count >= 2, let number = Int32(words[1]) else { return nil }
    switch words[0] {
    case "isolation": self = .isolation(Isolation(rawValue: Int(number)))
    case "failed" where words.count == 3: self = .failed(step: String(words[2]), code: number)
    case "ended": self = .ended(status: number)
    default: return nil
    }
  }
}

/// What the kernel let the launcher do beyond limits, a process group and a clean environment, which it always has.
public struct Isolation: OptionSet, Hashable, Sendable {
  public let rawValue: Int

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
  static let userNamespace = Isolation(rawValue: 16)
  /// It can neither signal nor hold up the daemon, whether or not it has processes or a user of its own.
  public static let signals = Isolation(rawValue: 32)
  /// A filter of system calls. It leaves no socket at all: a network namespace leaves those of programs on this machine,
  /// the daemon's own among them.
  static let calls = Isolation(rawValue: 128)
  /// Landlock's rules: no change outside its folder, no look into the memory of other processes.
  static let landlock = Isolation(rawValue: 64)
}
