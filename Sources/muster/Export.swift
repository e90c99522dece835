import ArgumentParser
import Glibc
import JSON
import MusterAPI

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Make musterd write exports into its directory.",
    discussion: """
      EXAMPLES
        muster export blocs
        muster export --all
        muster export blocs --force

      A file stands as it was until the new one is whole, and is left alone when its content stays the same. Without a
      terminal nothing is printed unless something goes wrong, so that cron mails failures alone: one line on standard
      error for each export that failed. Those after it are written all the same. The exit status is 65 when an export
      failed, and 75 when one did not begin because another run is writing its file.

      \(ConnectionOptions.environmentHelp)

      \(ExitStatus.help)
      """)

  @Argument(
    help: ArgumentHelp("The exports to write; muster exports shows them.", valueName: "name"),
    completion: .asking(Candidates.exports))
  var names: [String] = []

  @Flag(help: "Write all exports.") var all = false
  @Flag(help: "Write files again that stay the same.") var force = false
  @Flag(help: "Print nothing on a terminal either, unless something goes wrong.") var quiet = false
  @Flag(help: "Print what came of each export as one JSON document.") var json = false
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    if names.isEmpty != all { throw ValidationError("give either the names of exports or --all") }
    if quiet, json { throw ValidationError("--quiet and --json exclude each other") }
  }

  /// Nobody sits before a job of cron and ends it, and the next one comes in a minute.
  private static let timeout = Duration.seconds(3600)

  func run() throws {
    let service = try connection.open(for: quiet ? nil : "export", timeout: Self.timeout)
    defer { service.close() }
    let parameters = Exports.ExportParameters(names: all ? nil : names, all: all, force: force)
    var runs: [Exports.Run] = []
    let order = try quiet || !service.watch.isShown ? [] : order(service)
    showProgress(service, 0, order)
    let isShown = !quiet && !json && isatty(STDOUT_FILENO) == 1
    let rendering = Rendering(Terminal(descriptor: STDOUT_FILENO))
    try service.stream("\(Exports.interface).Export", parameters, isRepeatable: !force) {
      (reply: Exports.ExportReply) in
      for run in reply.runs {
        runs.append(run)
        if run.outcome.isFailure {
          service.watch.eraseProgress()
          printError(["muster: export \(run.name): \(run.failure)"].map(printable))
        } else if isShown {
          service.watch.eraseProgress()
          try StandardOutput.write(rendering.export(run) + "\n")
        }
      }
      showProgress(service, runs.count, order)
    }
    service.watch.endProgress()
    if json {
      let values = runs.map { (try? JSONValue(encoding: $0)) ?? .null }
      try StandardOutput.write(.object(["runs": .array(values)]))
    }
    if let worst = runs.map(\.outcome).max(by: { $0.severity < $1.severity }), worst.isFailure {
      throw Ended(status: worst == .busy ? .timedOut : .badData)
    }
  }

  /// The exports as they are written, one after the other.
  private func order(_ service: Connection) throws -> [String] {
    if !all { return names }
    let method = "\(Exports.interface).List"
    let reply: Exports.ListReply = try service.decode(service.call(method), of: method)
    return reply.exports.map(\.name)
  }

  private func showProgress(_ service: Connection, _ index: Int, _ order: [String]) {
    guard order.indices.contains(index) else { return }
    let place = order.count > 1 ? "\(index + 1) of \(order.count): " : ""
    service.watch.begin("export \(place)\(order[index])")
  }
}

/// The program ends with a status, and everything has been said.
struct Ended: Error {
  var status: ExitStatus
}

extension Exports.Outcome {
  var isFailure: Bool { severity > 0 }

  fileprivate var severity: Int {
    switch self {
    case .written, .unchanged: 0
    case .busy: 1
    // Nobody knows whether the file is what it should be.
    case .failed, .unknown: 2
    }
  }
}

extension Exports.Run {
  fileprivate var failure: String {
    if outcome == .busy { return "not begun: \(reason ?? "another run is writing it")" }
    if case .unknown(let outcome) = outcome { return "\(reason ?? "no reason is given"): \(outcome)" }
    return (reason ?? "it failed") + (untouched == true ? "; the file is as it was before" : "")
  }
}
