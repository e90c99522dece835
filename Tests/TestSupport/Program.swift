public import Glibc

/// How the program ended, and what it printed.
public struct Outcome {
  /// The exit status, or 128 and the number of the signal that ended it, as a shell has it.
  public var status: Int32
  /// What it printed to its standard output.
  public var output: String
  /// What it printed to its standard error.
  public var errors: String
}

/// A program that runs, killed when it is let go of before its end.
public final class Program {
  /// Its process.
  public let pid: pid_t
  private let outputFile: UnsafeMutablePointer<FILE>?
  private let errorFile: UnsafeMutablePointer<FILE>?
  private var status: Int32?

  /// Starts it with nothing but these variables, and what a sanitizer wants. Output goes to the given descriptor, or to files that `wait` reads.
  ///
  /// - Parameter folder: the working directory, if another than ours.
  public init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], output: Int32? = nil,
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
    // Where the thread sanitizer writes what it finds, see Tests/Torture/sanitize.sh.
    if let options = getenv("TSAN_OPTIONS") { environment["TSAN_OPTIONS"] = String(cString: options) }
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

  /// Whether it has not ended.
  public var isRunning: Bool {
    if status != nil { return false }
    var status: Int32 = 0
    guard waitpid(pid, &status, WNOHANG) == pid else { return true }
    self.status = status
    return false
  }

  /// Waits for its end, at most a minute, and no longer than the test may take.
  public func wait() async throws -> Outcome {
    try await waitUntil("the program ends") { !isRunning }
    let status = status ?? 0
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

/// Runs a program to its end.
public func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) async throws -> Outcome {
  try await Program(program, arguments, environment: environment).wait()
}
