import ArgumentParser
import Glibc
import JSON
import MusterAPI

struct WatchReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Run a report, and again whenever a reload changes its result.",
    discussion: """
      EXAMPLES
        muster watch country-summary
        muster watch bloc-aggregate --set scheme=region --output blocs.json

      What is written is a whole result each time; a reload that leaves it as it was writes nothing. It ends when it is
      interrupted, or musterd stops. A report that fails after a reload is told on standard error, and watched further.

      \(ConnectionOptions.environmentHelp)

      \(ExitStatus.help)
      """)

  @OptionGroup var options: ReportOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    if connection.standalone != nil {
      throw ValidationError("--standalone does not go with watch: nobody reloads a private musterd")
    }
  }

  func run() throws {
    let watch = Watch()
    let service = try connection.open(for: "watch \(options.report)", watch: watch)
    defer { service.close() }
    var (format, opened) = try options.resolveFormat(service)
    var result: [UInt8]?
    var generation: Int64?
    // The call holds its connection, and each run has its own.
    try service.stream("\(Reports.interface).Watch", JSONObject(), isPatient: true) { (reply: Reports.WatchReply) in
      // The last reply of all repeats the one before.
      if reply.generation == generation { return }
      let isFirst = generation == nil
      generation = reply.generation
      do {
        let new = try fetch(format, watch)
        if new == result { return }
        result = new
      } catch let failure as Failure where !isFirst {
        printError(failure.lines)
        return
      }
      try write(result ?? [], format, reply, watch, to: opened)
      opened = nil
    }
    throw Failure(
      status: .unavailable, message: "musterd was stopped: \(service.peer); watch again when it runs")
  }

  private func fetch(_ format: String, _ watch: Watch) throws -> [UInt8] {
    let service = try connection.open(for: "run \(options.report)", watch: watch)
    defer { service.close() }
    var result: [UInt8] = []
    try options.receive(
      format, from: service, isBinaryWelcome: options.path != nil || isatty(STDOUT_FILENO) == 0
    ) { result += $0 }
    return result
  }

  /// - Parameter opened: the file of the first result, where it is open already.
  private func write(
    _ result: [UInt8], _ format: String, _ reply: Reports.WatchReply, _ watch: Watch, to opened: OutputFile?
  ) throws {
    if isatty(STDERR_FILENO) == 1 {
      printError([
        Terminal(descriptor: STDERR_FILENO).dim("generation \(reply.generation), \(printable(reply.revision))")
      ])
    }
    guard let path = options.path else {
      try StandardOutput.write(StandardOutput.isTerminal ? TerminalLines.safe(result, format: format) : result)
      return
    }
    let file = try opened ?? OutputFile(path: path, watch: watch)
    defer { file.discard() }
    try file.write(file.isTerminal ? TerminalLines.safe(result, format: format) : result)
    try file.commit()
  }
}
