internal import CLinux
internal import Glibc
internal import PluginLaunch

/// A launcher that has been started, and our ends of the pipes to it.
struct Spawned {
  let pid: pid_t
  let input: Int32
  let output: Int32
  let standardError: Int32
  let report: Int32

  /// Starts the launcher in a session of its own and with a clean environment.
  ///
  /// To be called by a thread that lives as long as the process: it is killed when that thread ends.
  init(launcher: LauncherProgram, order: LaunchOrder) throws(SystemFailure) {
    var pipes: [(read: Int32, write: Int32)] = []
    var isStarted = false
    defer {
      // Theirs in any case, ours unless it goes well.
      for (index, pipe) in pipes.enumerated() {
        if !isStarted || index == 0 { close(pipe.read) }
        if !isStarted || index > 0 { close(pipe.write) }
      }
    }
    for _ in 0...3 { pipes.append(try makePipe()) }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let theirs = [pipes[0].read, pipes[1].write, pipes[2].write, pipes[3].write]
    for (target, source) in theirs.enumerated() { posix_spawn_file_actions_adddup2(&actions, source, Int32(target)) }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var blocked = sigset_t()
    sigemptyset(&blocked)
    for signal in [SIGTERM, SIGCHLD] { sigaddset(&blocked, signal) }
    posix_spawnattr_setsigmask(&attributes, &blocked)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    let flags = Int32(LINUX_SPAWN_SETSID) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
    posix_spawnattr_setflags(&attributes, Int16(flags))

    let environment = [
      "PATH=\(searchPath)", "LANG=C.UTF-8", "HOME=\(order.folder)", "TMPDIR=\(order.folder)",
    ]
    var pid: pid_t = 0
    let code = withCStrings([PluginLauncher.name] + order.arguments) { arguments in
      withCStrings(environment) { posix_spawn(&pid, launcher.path, &actions, &attributes, arguments, $0) }
    }
    if code != 0 { throw SystemFailure(step: "start \(PluginLauncher.name)", code: code) }
    isStarted = true
    self.pid = pid
    input = pipes[0].write
    output = pipes[1].read
    standardError = pipes[2].read
    report = pipes[3].read
    for descriptor in [input, output, standardError, report] {
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }
  }
}

/// The folders in which plugins, and their commands, are looked up.
let searchPath = "/usr/local/bin:/usr/bin:/bin"

/// Both ends lie beyond the descriptors that the launcher is given, which are set up one after the other.
private func makePipe() throws(SystemFailure) -> (read: Int32, write: Int32) {
  var ends: [Int32] = [-1, -1]
  guard linux_pipe(&ends) == 0 else { throw SystemFailure(step: "make a pipe", code: errno) }
  for index in ends.indices where ends[index] <= LaunchReport.descriptor {
    let moved = fcntl(ends[index], F_DUPFD_CLOEXEC, LaunchReport.descriptor + 1)
    let code = errno
    close(ends[index])
    ends[index] = moved
    if moved < 0 {
      close(ends[1 - index])
      throw SystemFailure(step: "make a pipe", code: code)
    }
  }
  return (ends[0], ends[1])
}

/// The strings as a C array that ends with a null pointer.
private func withCStrings<Result>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let pointers = strings.map { strdup($0) }
  defer { for pointer in pointers { free(pointer) } }
  return body(pointers + [nil])
}
