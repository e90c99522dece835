#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How a program ended.
public enum ServiceEnd: Hashable, Sendable {
  case exited(status: Int32)
  case killed(signal: Int32)
}

/// A service that was started for one client, as an `exec:` address asks for.
struct SpawnedService {
  private let pid: pid_t

  /// How long a service may take to end after its connection was closed, and again after SIGTERM.
  private static let patience = Duration.seconds(2)

  /// Starts the program with one end of a new socket pair as descriptor 3, told by the variables of sd_listen_fds(3),
  /// and gives the other end.
  ///
  /// The service reads nothing from our standard input, and all that it prints goes to `standardError`: our standard
  /// output may be a file of results.
  static func start(
    _ path: String, arguments: [String], standardError: Int32
  ) throws(SystemError) -> (SpawnedService, Int32) {
    // The shell in between could only say that in words.
    if access(path, X_OK) != 0 { throw SystemError(code: errno) }

    var pair: [Int32] = [-1, -1]
    if socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) != 0 {
      throw SystemError(code: errno)
    }
    defer { close(pair[1]) }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // In this order, since `standardError` may be descriptor 3.
    posix_spawn_file_actions_adddup2(&actions, standardError, 2)
    posix_spawn_file_actions_adddup2(&actions, pair[1], 3)
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, 2, 1)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigaddset(&signals, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    // LISTEN_PID is known only once the process exists, and posix_spawn runs nothing of ours in it.
    let script = #"LISTEN_PID=$$; export LISTEN_PID; exec "$0" "$@""#
    let environment =
      currentEnvironment().filter { !$0.hasPrefix("LISTEN_") && !$0.hasPrefix("SYSTEMD_VARLINK_LISTEN=") }
      + ["LISTEN_FDS=1", "LISTEN_FDNAMES=varlink"]
    var pid: pid_t = 0
    let code = withCStrings(["/bin/sh", "-c", script, path] + arguments) { argv in
      withCStrings(environment) { posix_spawn(&pid, "/bin/sh", &actions, &attributes, argv, $0) }
    }
    if code != 0 {
      close(pair[0])
      throw SystemError(code: code)
    }
    return (SpawnedService(pid: pid), pair[0])
  }

  /// Waits for the end of the process, the connection to which was closed, and makes it end if it does not.
  ///
  /// Nil when it was reaped by somebody else, so that nobody knows.
  func reap() -> ServiceEnd? {
    for signal in [SIGTERM, SIGKILL] {
      switch waitForEnd() {
      case .ended(let end): return end
      case .running:
        kill(pid, signal)
        // A process that was stopped takes the signal only when it goes on.
        kill(pid, SIGCONT)
      }
    }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 {
      if errno != EINTR { return nil }
    }
    return ServiceEnd(waitStatus: status)
  }

  private enum State {
    case running
    case ended(ServiceEnd?)
  }

  private func waitForEnd() -> State {
    let deadline = ContinuousClock.now + Self.patience
    var pause: UInt32 = 200
    while true {
      var status: Int32 = 0
      let result = waitpid(pid, &status, WNOHANG)
      if result == pid { return .ended(ServiceEnd(waitStatus: status)) }
      if result < 0, errno != EINTR { return .ended(nil) }
      if ContinuousClock.now >= deadline { return .running }
      usleep(pause)
      pause = min(pause * 2, 20_000)
    }
  }
}

extension ServiceEnd {
  /// Takes what waitpid(2) gives for a process that ended.
  fileprivate init(waitStatus: Int32) {
    let signal = waitStatus & 0x7F
    self = signal == 0 ? .exited(status: (waitStatus >> 8) & 0xFF) : .killed(signal: signal)
  }
}

private func currentEnvironment() -> [String] {
  var strings: [String] = []
  var next = environ
  while let string = next.pointee {
    strings.append(String(cString: string))
    next += 1
  }
  return strings
}

/// The strings as a C array that ends with a null pointer.
private func withCStrings<Result>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let pointers = strings.map { strdup($0) }
  defer { for pointer in pointers { free(pointer) } }
  return body(pointers + [nil])
}
