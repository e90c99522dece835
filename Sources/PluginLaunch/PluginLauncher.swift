internal import CGlibc
internal import CLinux
internal import Glibc

/// What a process does that limits itself and becomes a plugin: nothing of ours can run between the fork and the exec of
/// posix_spawn(3).
///
/// It is a program of its own, small and without shared libraries, since its start is most of what a plugin costs.
///
/// Up to three processes come of it. The supervisor, outside of all namespaces but the user's, waits; a SIGTERM makes
/// it kill everything below. The first process of the plugin's namespace of processes only waits for the plugin, so
/// that the plugin meets the ordinary meaning of signals. Then the plugin itself.
package enum PluginLauncher {
  /// What the program is called.
  package static let name = "muster-launcher"

  /// Does what the arguments of the process say. To be called first of all, while there is one thread.
  package static func run() -> Never {
    adopt_arguments()
    guard let order = LaunchOrder(arguments: CommandLine.arguments.dropFirst()) else {
      printUsage()
      _exit(EX_USAGE)
    }
    supervise(order)
  }

  private static func printUsage() {
    var text = "\(name): musterd starts external plugins by it; there is nothing to be done by hand\n"
    text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  private struct Launch {
    let order: LaunchOrder
    let isolation: Isolation
    /// The user to become, if another.
    let user: UInt32?
    /// The user's limit, those processes included that are not the plugin's.
    let processLimit: Int
    /// Where processes are counted by the supervisor, who needs some time: so many more can be started in that, and others
    /// of the user, who have been let as many, still start theirs.
    private static let roomForOthers = 4096

    /// The folder `/proc`, in which a process can write of itself.
    let processes: Int32

    init(order: LaunchOrder, isolation: Isolation, supervisor: pid_t, processes: Int32) {
      self.order = order
      self.isolation = isolation
      self.processes = processes
      user = isolation.contains(.user) ? Isolation.ownUser(of: supervisor) : nil
      let others =
        if isolation.contains(.user) {
          0
        } else if isolation.contains(.userNamespace) {
          // The supervisor and the first process.
          2
        } else {
          processCount(of: getuid()) + (isolation.contains(.counted) ? Self.roomForOthers : 0)
        }
      processLimit = others + order.processes
    }
  }

  /// SIGTERM, SIGUSR1 and SIGCHLD are blocked from the start: the host has us started so, and what comes early waits.
  private static func supervise(_ order: LaunchOrder) -> Never {
    name.withCString { _ = linux_prctl(PR_SET_NAME, UInt(bitPattern: $0), 0) }
    _ = linux_close_from(UInt32(LaunchReport.descriptor) + 1)
    _ = fcntl(LaunchReport.descriptor, F_SETFD, FD_CLOEXEC)
    _ = linux_prctl(PR_SET_PDEATHSIG, UInt(SIGTERM), 0)
    if getppid() != order.parent { _exit(EX_UNAVAILABLE) }
    // Whoever outlives his parent becomes our child, and is found.
    _ = linux_prctl(PR_SET_CHILD_SUBREAPER, 1, 0)

    // As it is mounted now: in a namespace of its own all is read-only.
    let processes = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    let isolation = Isolation.enter(folder: order.folder, size: order.fileSize)
    LaunchReport.isolation(isolation).send()
    let launch = Launch(order: order, isolation: isolation, supervisor: getpid(), processes: processes)
    let child = fork()
    if child < 0 { fail("fork") }
    if child == 0 {
      // Whoever asks the daemon something else is not to wait for plugins. The supervisor ends them in time.
      linux_give_way()
      if isolation.contains(.processes) { beFirstProcess(launch) }
      bePlugin(launch)
    }
    wait(for: child, launch)
  }

  private static func wait(for child: pid_t, _ launch: Launch) -> Never {
    let isLast = launch.isolation.contains(.processes)
    var counts = launch.isolation.contains(.counted)
    var signals = signalSet(SIGTERM, SIGUSR1, SIGCHLD)
    while true {
      var period = timespec(tv_sec: counts ? 0 : 3600, tv_nsec: counts ? 5_000_000 : 0)
      let signal = sigtimedwait(&signals, nil, &period)
      if counts {
        // Nobody else keeps them from having more. The first process of a namespace is not the plugin's.
        let count = Descendants.threadCount - (isLast ? 1 : 0)
        if count > launch.order.processes {
          Descendants.kill()
          LaunchReport.counted(processes: Int32(clamping: count)).send()
          counts = false
        }
      }
      guard signal > 0 else { continue }
      if signal == SIGTERM { kill(child, SIGKILL) }
      if signal == SIGUSR1 { Descendants.use.send() }
      var status: Int32 = 0
      while case let pid = waitpid(-1, &status, WNOHANG), pid > 0 {
        guard pid == child else { continue }
        // With a namespace, the kernel has ended everything in it before we hear of this, and the first process has
        // reported.
        if !isLast {
          LaunchReport.ended(status: status).send()
          killRemainingChildren()
        }
        _exit(0)
      }
    }
  }

  /// Ends everything that the plugin left behind. What dies here makes its children ours.
  private static func killRemainingChildren() {
    while true {
      Descendants.kill()
      if waitpid(-1, nil, 0) < 0, errno == ECHILD { return }
      // All that died already: to look at thousands again for each one takes long.
      while waitpid(-1, nil, WNOHANG) > 0 {}
    }
  }

  /// The first process of a namespace takes no signal from inside it, and adopts and reaps orphans.
  private static func beFirstProcess(_ launch: Launch) -> Never {
    _ = linux_prctl(PR_SET_PDEATHSIG, UInt(SIGKILL), 0)
    _ = setsid()
    let child = fork()
    if child < 0 { fail("fork") }
    if child == 0 { bePlugin(launch) }
    closeStandardStreams()
    var status: Int32 = 0
    while true {
      let pid = waitpid(-1, &status, 0)
      if pid == child {
        LaunchReport.ended(status: status).send()
        _exit(0)
      }
    }
  }

  private static func bePlugin(_ launch: Launch) -> Never {
    let order = launch.order
    _ = setsid()
    // Should memory run out, the plugin goes before the daemon.
    write("1000", to: "self/oom_score_adj", in: launch.processes)
    if let user = launch.user, linux_become(user) != 0 { fail("setresuid") }
    _ = linux_prctl(PR_SET_PDEATHSIG, UInt(SIGKILL), 0)
    if linux_prctl(PR_SET_NO_NEW_PRIVS, 1, 0) != 0 { fail("no_new_privs") }
    if chdir(order.folder) != 0 { fail("chdir") }
    umask(0o077)
    if launch.isolation.contains(.landlock), linux_write_only_here() != 0 { fail("landlock") }

    var all = signalSet()
    sigprocmask(SIG_SETMASK, &all, nil)
    limit(Int32(RLIMIT_CORE.rawValue), to: 0)
    // What all of a user share: waiting signals, and the bytes of queues of messages. And no way to weigh more.
    limit(Int32(LINUX_RLIMIT_SIGPENDING), to: 64)
    for resource in [LINUX_RLIMIT_MSGQUEUE, LINUX_RLIMIT_NICE, LINUX_RLIMIT_RTPRIO] { limit(Int32(resource), to: 0) }
    limit(Int32(RLIMIT_NOFILE.rawValue), to: 256)
    limit(Int32(RLIMIT_FSIZE.rawValue), to: order.fileSize)
    limit(Int32(LINUX_RLIMIT_NPROC), to: launch.processLimit)
    // The kernel kills at the hard limit who lives on after the signal of the soft one.
    limit(Int32(RLIMIT_CPU.rawValue), to: order.cpuTime, hard: order.cpuTime + 1)
    var arguments: [UnsafeMutablePointer<CChar>?] = order.command.map { strdup($0) } + [nil]
    if launch.isolation.contains(.calls), linux_refuse_calls(launch.isolation.confinement(of: getpid())) < 0 {
      fail("seccomp")
    }
    // Last, since the launcher itself may have more than that.
    limit(Int32(RLIMIT_AS.rawValue), to: order.memory)
    if let program = arguments[0] {
      // A program that was just replaced is busy while a process holds it open that was forked meanwhile.
      for _ in 0..<50 {
        execve(program, &arguments, environ)
        if errno != ETXTBSY { break }
        usleep(2000)
      }
    }
    fail("exec")
  }

  private static func closeStandardStreams() {
    for descriptor in STDIN_FILENO...STDERR_FILENO { close(descriptor) }
  }

  private static func limit(_ resource: Int32, to soft: Int, hard: Int? = nil) {
    var current = rlimit()
    guard getrlimit(resource, &current) == 0 else { fail("getrlimit") }
    current.rlim_max = min(current.rlim_max, rlim_t(hard ?? soft))
    current.rlim_cur = min(current.rlim_max, rlim_t(soft))
    if setrlimit(resource, &current) != 0 { fail("setrlimit") }
  }

  private static func fail(_ step: String) -> Never {
    LaunchReport.failed(step: step, code: errno).send()
    _exit(127)
  }
}

private func signalSet(_ signals: Int32...) -> sigset_t {
  var set = sigset_t()
  sigemptyset(&set)
  for signal in signals { sigaddset(&set, signal) }
  return set
}
