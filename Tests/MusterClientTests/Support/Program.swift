import Glibc
import Synchronization

/// How the program ended, and what it printed.
struct Outcome {
  /// The exit status, or 128 and the number of the signal that ended it, as a shell has it.
  var status: Int32
  var output: String
  var errors: String
}

/// Keeps programs from being started while descriptors are made that they must not inherit.
func withoutSpawning<Result>(_ body: () -> Result) -> Result { spawning.withLock { _ in body() } }

private let spawning = Mutex(())

func closingOnExec(_ descriptor: Int32) -> Int32 {
  _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  return descriptor
}

func makePipe() throws -> (read: Int32, write: Int32) {
  var pipe: [Int32] = [-1, -1]
  let code = withoutSpawning {
    defer { for descriptor in pipe { _ = closingOnExec(descriptor) } }
    return Glibc.pipe(&pipe)
  }
  if code != 0 { throw TestFailure("no pipe") }
  return (pipe[0], pipe[1])
}

/// A running `muster`.
final class Program {
  let pid: pid_t
  private let outputFile: UnsafeMutablePointer<FILE>?
  private let errorFile: UnsafeMutablePointer<FILE>?
  private var status: Int32?

  /// The program that was built together with this test.
  static let path: String = {
    guard let own = realpath("/proc/self/exe", nil) else { return "muster" }
    defer { free(own) }
    return String(cString: own).split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/muster"
  }()

  /// Starts it with nothing but these variables. Output goes to the given descriptors, or to files that `wait` reads.
  init(
    _ arguments: [String], environment: [String: String] = [:], program: String = Program.path, output: Int32? = nil,
    terminal: Terminal? = nil, folder: String? = nil
  ) throws {
    (outputFile, errorFile) = withoutSpawning {
      let files = (tmpfile(), tmpfile())
      for file in [files.0, files.1] { if let file { _ = closingOnExec(fileno(file)) } }
      return files
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    var flags = POSIX_SPAWN_SETSIGMASK
    if let terminal {
      // The leader of a session takes the first terminal that it opens.
      flags |= 0x80
      for descriptor in Int32(0)...2 {
        posix_spawn_file_actions_addopen(&actions, descriptor, terminal.path, O_RDWR, 0)
      }
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_adddup2(&actions, output ?? outputFile.map { fileno($0) } ?? -1, 1)
      posix_spawn_file_actions_adddup2(&actions, errorFile.map { fileno($0) } ?? -1, 2)
    }
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var environment = environment
    environment["PATH"] = environment["PATH"] ?? "/usr/bin:/bin"
    environment["SWIFT_BACKTRACE"] = "enable=no"
    let command = (folder.map { ["/usr/bin/env", "-C", $0] } ?? []) + [program] + arguments
    let argv = command.map { strdup($0) }
    let envp = environment.map { strdup("\($0)=\($1)") }
    defer { for pointer in argv + envp { free(pointer) } }
    var pid: pid_t = 0
    let code = withoutSpawning { posix_spawn(&pid, command[0], &actions, &attributes, argv + [nil], envp + [nil]) }
    if code != 0 { throw TestFailure("cannot start \(program): \(code)") }
    self.pid = pid
  }

  deinit {
    if status == nil {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    for file in [outputFile, errorFile] { if let file { fclose(file) } }
  }

  /// Waits for its end, at most thirty seconds.
  func wait() throws -> Outcome {
    var status: Int32 = 0
    let deadline = ContinuousClock.now + .seconds(30)
    while waitpid(pid, &status, WNOHANG) == 0 {
      if ContinuousClock.now > deadline { throw TestFailure("muster does not end") }
      usleep(1000)
    }
    self.status = status
    let signal = status & 0x7F
    return Outcome(
      status: signal == 0 ? status >> 8 : 128 + signal, output: contents(outputFile), errors: contents(errorFile))
  }

  private func contents(_ file: UnsafeMutablePointer<FILE>?) -> String {
    guard let file else { return "" }
    lseek(fileno(file), 0, SEEK_SET)
    return readToEnd(fileno(file))
  }
}

/// Runs it to its end.
func muster(
  _ arguments: String..., environment: [String: String] = [:], program: String = Program.path, folder: String? = nil
) throws -> Outcome {
  try Program(arguments, environment: environment, program: program, folder: folder).wait()
}

/// A pseudo-terminal, the keyboard and screen of which are ours.
final class Terminal {
  let path: String
  private let descriptor: Int32

  init(columns: UInt16 = 80) throws {
    descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (number, isLocked): (UInt32, Int32) = (0, 0)
    // TIOCGPTN and TIOCSPTLCK of <asm/ioctls.h>: the number of the terminal, and unlocking it.
    guard ioctl(descriptor, 0x8004_5430, &number) == 0, ioctl(descriptor, 0x4004_5431, &isLocked) == 0 else {
      throw TestFailure("no pseudo-terminal")
    }
    path = "/dev/pts/\(number)"
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
  }

  deinit { close(descriptor) }

  func type(_ text: String) { _ = Glibc.write(descriptor, text, text.utf8.count) }

  /// What is shown until the program ends, with the line ends that programs write.
  func readToEnd() -> String {
    MusterClientTests.readToEnd(descriptor).replacing("\r\n", with: "\n")
  }

  /// What is shown up to this text.
  func read(until text: String) throws -> String {
    var shown = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !shown.contains(text) {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count <= 0 { throw TestFailure("the terminal shows no \"\(text)\" but \"\(shown)\"") }
      shown += String(decoding: buffer[..<count], as: UTF8.self)
    }
    return shown
  }
}
