import ArgumentParser
import Base
import Dispatch
import ExternalPlugins
import Glibc
import Logging
import ManualPages
import MusterAPI
import MusterDaemon
import Pipeline
import Posix
import Systemd

@main
struct Musterd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "musterd",
    abstract: "Serves reports on a dataset in which every number cites its source.",
    discussion: """
      EXAMPLES
        musterd --config /etc/muster/musterd.yaml
        musterd --config musterd.yaml --listen unix:/tmp/muster.sock
        muster --address exec:/usr/sbin/musterd list
        musterd check --config musterd.yaml --explain

      SIGNALS
        SIGHUP           load configuration and dataset anew, or keep the old
                         ones and log why
        SIGTERM, SIGINT  finish running calls, remove the socket and exit

      ENVIRONMENT
        MUSTER_CONFIG                  the configuration file, unless --config names
                                       it
        LISTEN_FDS, LISTEN_PID         sockets that an activator hands over, as
                                       sd_listen_fds(3) has it
        NOTIFY_SOCKET                  where state and reloads are told, as
                                       sd_notify(3) has it
        WATCHDOG_USEC, WATCHDOG_PID    how often the daemon proves that it works
        JOURNAL_STREAM                 when it is standard error, events go to the
                                       journal with fields of their own
        TMPDIR                         where external plugins get their folders
                                       (default: /tmp)

      EXIT STATUS
        0   stopped as told, or nothing wrong found
        64  wrong usage, also a path that is not UTF-8: give a link to it
        65  the configuration or the dataset has problems; a thousand are listed, and
            told to whoever waits at an activator's socket
        69  the address cannot be served, such as one that another daemon serves
      """,
    version: musterVersion,
    subcommands: [Serve.self, Check.self, Reference.self],
    defaultSubcommand: Serve.self)

  static func main() {
    ProgramArguments.adopt()
    _ = HandedOverSockets.descriptors
    Signals.block()
    refuseWithoutResources()
    // An asynchronous main would end in dispatch_main(), whose own thread unblocks every signal.
    let isDone = DispatchSemaphore(value: 0)
    Task.detached {
      await runCommand()
      isDone.signal()
    }
    isDone.wait()
  }

  /// What Swift's tasks, libdispatch and NIO take for granted. Without it they wait for ever, or trap.
  private static func refuseWithoutResources() {
    do {
      try tryThreads(threadCount)
    } catch {
      complain("musterd: \(error); the limit of processes of its user or its service is too low (ulimit -u, TasksMax=)")
      end(EX_UNAVAILABLE)
    }
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < leastDescriptorCount {
      complain(
        "musterd: cannot have more than \(limit.rlim_cur) descriptors of the \(leastDescriptorCount) that it takes; "
          + "the limit of open files is too low (ulimit -n, LimitNOFILE=)")
      end(EX_UNAVAILABLE)
    }
  }

  /// Some for what it has open itself, and 64 that are never for connections.
  private static let leastDescriptorCount: rlim_t = 96

  /// Those of tasks, of the event loop, of runs and lists, for signals, and some that wait for disks.
  private static var threadCount: Int { 12 + 4 * max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  private static func runCommand() async {
    refuseUnreadableArguments()
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      var command = try parseAsRoot(
        splittingMarkedValues(arguments) { try CommandDescription(dump: Musterd._dumpHelp()) })
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let problems as ProblemList {
      complain(problems.description)
      end(EX_DATAERR)
    } catch let error as DaemonError {
      if !error.message.isEmpty { complain(TerminalText.safe("musterd: \(error)", showing: .escape)) }
      end(error.code.rawValue)
    } catch {
      let code = exitCode(for: error)
      if code.isSuccess { exit(withError: error) }
      HandedOverSockets.hangUp()
      let text = safeMessage(for: error)
      if !text.isEmpty { complain(text) }
      Glibc.exit(code.rawValue)
    }
  }

  /// What the argument parser says, in its lines. What it repeats of an argument stays within one of them, and is nothing
  /// that a terminal obeys.
  private static func safeMessage(for error: any Error) -> String {
    let (message, whole) = (message(for: error), fullMessage(for: error))
    let start = "Error: \(message)"
    guard !message.isEmpty, whole.utf8.starts(with: start.utf8) else { return safeLines(whole) }
    let rest = String(Substring(whole.utf8.dropFirst(start.utf8.count)))
    return TerminalText.safe(start, showing: .escape) + safeLines(rest)
  }

  private static func safeLines(_ text: String) -> String {
    text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { TerminalText.safe(String(Substring($0)), showing: .escape) }.joined(separator: "\n")
  }

  private static func end(_ status: Int32) -> Never {
    // Who waits for a daemon whose configuration has problems is told them: he who came too late for that by the next one.
    if status != 0 && status != EX_DATAERR { HandedOverSockets.hangUp() }
    Glibc.exit(status)
  }

  /// The argument parser has texts alone. A path that is no UTF-8 would be another file's there.
  private static func refuseUnreadableArguments() {
    for index in 0..<Int(CommandLine.argc) {
      guard let argument = CommandLine.unsafeArgv[index] else { continue }
      if String(validatingCString: argument) != nil { continue }
      complain(
        "musterd: an argument is not UTF-8: \(quoted(String(cString: argument), limit: 200)); "
          + "rename the file, or give a link to it")
      end(EX_USAGE)
    }
    for variable in ["MUSTER_CONFIG", "TMPDIR", "NOTIFY_SOCKET"] {
      guard let path = environmentPath(variable), path.text == nil else { continue }
      complain(
        "musterd: \(variable) is not UTF-8: \(quoted(path.description, limit: 200)); rename the file, or give a link to it"
      )
      end(EX_USAGE)
    }
  }
}

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Run the daemon in the foreground (the default).")

  @OptionGroup var file: ConfigurationOption

  @Option(
    name: [.long, .customLong("varlink")],
    help: ArgumentHelp(
      "The address to listen at, such as unix:/run/musterd/org.muster.Reports. An activator's socket goes first.",
      valueName: "address"))
  var listen: String?

  @Option(
    help: ArgumentHelp(
      "The least important events to log: trace, debug, info, notice, warning, error or critical.", valueName: "level"),
    completion: .list(Logger.Level.allCases.map(\.rawValue)))
  var logLevel = "info"

  mutating func validate() throws {
    if Logger.Level(rawValue: logLevel) == nil {
      let hint = didYouMean(logLevel, among: Logger.Level.allCases.map(\.rawValue))
      throw ValidationError("unknown log level \"\(logLevel)\"\(hint)")
    }
  }

  func run() async throws {
    var logger = Logger(label: "musterd", factory: { standardLogHandler(label: $0, fieldPrefix: "MUSTER_") })
    logger.logLevel = Logger.Level(rawValue: logLevel) ?? .info
    let options = Daemon.Options(configuration: file.path, listen: listen)
    try await Daemon(options: options, registry: .shipped, logger: logger).run()
  }
}

struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Load configuration and dataset, and list every problem in them.",
    discussion: """
      External plugins that describe themselves are started once with --describe. Problems go to standard output, one per \
      line: file:line:column, or file:row:column-name for data. Columns and totals of reports that can never have a number, \
      since their measure does not add, are warnings, as are limits of memory that come to more than this process may \
      have: they go to standard error, and the exit status stays 0.
      """)

  @OptionGroup var file: ConfigurationOption

  @Flag(
    help: """
      Tell what was understood, and why: dimensions, measures with their rules, schemes, stated totals and marks, and \
      what of it was said or found.
      """)
  var explain = false

  func run() async throws {
    do {
      let generation = try await Generation.load(path: file.path, registry: .shipped)
      try await generation.checkPlugins()
      print(TerminalText.safe("\(file.path): no problems; \(generation.summary)", showing: .escape))
      if explain { print("\n" + generation.explanation, terminator: "") }
      let warnings = try await generation.warnings()
      if !warnings.isEmpty { complain(warnings.description) }
    } catch let problems as ProblemList {
      print(problems.description)
      throw ExitCode(EX_DATAERR)
    }
  }
}

struct ConfigurationOption: ParsableArguments {
  /// Where the package has it. A client that starts the program at the address exec:/usr/sbin/musterd gives it no options.
  static let standardPath = "/etc/muster/musterd.yaml"

  @Option(
    help: ArgumentHelp(
      "The configuration file (default: MUSTER_CONFIG, and without that \(standardPath)).", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  var path: String {
    if let config { return config }
    let named = getenv("MUSTER_CONFIG").map { String(cString: $0) } ?? ""
    return named.isEmpty ? Self.standardPath : named
  }
}

private func complain(_ text: String) {
  var line = text + "\n"
  line.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
}
