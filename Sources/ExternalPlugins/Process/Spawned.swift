internal import CLinux
internal import Glibc
internal import PluginLaunch
internal import Posix

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
  init(launcher: LauncherProgram, order: LaunchOrder) throws(SystemError) {
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

    let environment = [
      "PATH=\(searchPath)", "LANG=C.UTF-8", "HOME=\(order.folder)", "TMPDIR=\(order.folder)",
    ]
    let theirs = [pipes[0].read, pipes[1].write, pipes[2].write, pipes[3].write]
    var spawn = Spawn(
      program: launcher.path, arguments: [PluginLauncher.name] + order.arguments,
      environment: environment.map { Array($0.utf8) },
      descriptors: theirs.enumerated().map { (Int32($0.offset), .descriptor($0.element)) })
    spawn.blockedSignals = [SIGTERM, SIGUSR1, SIGCHLD]
    spawn.startsSession = true
    do {
      pid = try spawn.start()
    } catch {
      throw SystemError("start \(PluginLauncher.name)", code: error.code)
    }
    isStarted = true
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
private func makePipe() throws(SystemError) -> (read: Int32, write: Int32) {
  var ends: [Int32] = [-1, -1]
  guard linux_pipe(&ends) == 0 else { throw SystemError("make a pipe", code: errno) }
  for index in ends.indices where ends[index] <= LaunchReport.descriptor {
    let moved = fcntl(ends[index], F_DUPFD_CLOEXEC, LaunchReport.descriptor + 1)
    let code = errno
    close(ends[index])
    ends[index] = moved
    if moved < 0 {
      close(ends[1 - index])
      throw SystemError("make a pipe", code: code)
    }
  }
  return (ends[0], ends[1])
}
