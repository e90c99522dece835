internal import Glibc

/// A program to be started by posix_spawn(3), which runs nothing of ours between the fork and the exec.
package struct Spawn {
  /// What a descriptor of the new process stands for.
  package enum Source: Sendable {
    /// A copy of this descriptor. One that was set up before it counts as the new process's.
    case descriptor(Int32)
    /// Nothing to be read.
    case null
  }

  /// The program's path; it is not looked for in `PATH`.
  package var program: String
  /// The first is what the program is called.
  package var arguments: [String]
  /// Each as `NAME=value`.
  package var environment: [[UInt8]]
  /// Set up one after the other. All else that is not to be inherited must be marked so.
  package var descriptors: [(target: Int32, source: Source)]
  /// Blocked at its start; all others are not.
  package var blockedSignals: [Int32] = []
  /// Those that get their ordinary meaning back; nil for all.
  package var defaultSignals: [Int32]?
  /// Whether it has a session of its own.
  package var startsSession = false

  package init(
    program: String, arguments: [String], environment: [[UInt8]], descriptors: [(target: Int32, source: Source)]
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.descriptors = descriptors
  }

  /// The number of the new process, which the caller has to wait for with waitpid(2).
  package func start() throws(SystemError) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (target, source) in descriptors {
      switch source {
      case .descriptor(let number): posix_spawn_file_actions_adddup2(&actions, number, target)
      case .null: posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDONLY, 0)
      }
    }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var blocked = signalSet(of: blockedSignals)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    var reset = signalSet(of: defaultSignals)
    posix_spawnattr_setsigdefault(&attributes, &reset)
    var flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
    if startsSession { flags |= startsSessionFlag }
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var pid: pid_t = 0
    let code = withCStrings(arguments.map { Array($0.utf8) }) { arguments in
      withCStrings(environment) { posix_spawn(&pid, program, &actions, &attributes, arguments, $0) }
    }
    if code != 0 { throw SystemError("start \(program)", code: code) }
    return pid
  }
}

/// POSIX_SPAWN_SETSID of spawn.h, which Swift's Glibc does not offer.
private let startsSessionFlag: Int32 = 0x80

/// Nil for all signals.
private func signalSet(of signals: [Int32]?) -> sigset_t {
  var set = sigset_t()
  guard let signals else {
    sigfillset(&set)
    return set
  }
  sigemptyset(&set)
  for signal in signals { sigaddset(&set, signal) }
  return set
}

/// The strings as a C array that ends with a null pointer.
private func withCStrings<Result>(
  _ strings: [[UInt8]], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let pointers = strings.map { string in
    RawPath(bytes: string).withCString { strdup($0) }
  }
  defer { for pointer in pointers { free(pointer) } }
  return body(pointers + [nil])
}
