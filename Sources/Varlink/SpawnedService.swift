internal import Glibc
internal import Posix

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

    // LISTEN_PID is known only once the process exists, and posix_spawn runs nothing of ours in it.
    let script = #"LISTEN_PID=$$; export LISTEN_PID; exec "$0" "$@""#
    let environment =
      currentEnvironment().filter { variable in
        !["LISTEN_", "SYSTEMD_VARLINK_LISTEN="].contains { variable.starts(with: $0.utf8) }
      } + ["LISTEN_FDS=1", "LISTEN_FDNAMES=varlink"].map { Array($0.utf8) }
    var spawn = Spawn(
      program: "/bin/sh", arguments: ["/bin/sh", "-c", script, path] + arguments, environment: environment,
      // In this order, since `standardError` may be descriptor 3.
      descriptors: [
        (2, .descriptor(standardError)), (3, .descriptor(pair[1])), (0, .null), (1, .descriptor(2)),
      ])
    spawn.defaultSignals = [SIGPIPE]
    do {
      return (SpawnedService(pid: try spawn.start()), pair[0])
    } catch {
      close(pair[0])
      throw error
    }
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
