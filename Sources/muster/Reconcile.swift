import ArgumentParser
import Base
import MusterAPI

struct Reconcile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconcile",
    abstract: "Check the sources' totals and statements against each other.",
    discussion: """
      EXAMPLES
        muster reconcile
        muster reconcile --fail-on any
        muster --standalone Config/musterd.yaml reconcile --json

      It holds every stated total against the sum of what it claims to cover, and lists the statements that contradict
      each other where no sum shows it. Of more than 100 totals those come first that disagree, by the size of the
      difference. It ends with exit status 65 when there is a disagreement of the kind that --fail-on
      names, and with 0 otherwise.

      \(ConnectionOptions.environmentHelp)

      \(ExitStatus.help)
      """)

  enum Severity: String, ExpressibleByArgument, CaseIterable {
    /// Disagreements that the ledger does not explain.
    case unacknowledged
    /// Every disagreement.
    case any
    case none
  }

  @Option(
    help: ArgumentHelp(
      "End with exit status 65 for unacknowledged disagreements, for any, or for none.", valueName: "kind"))
  var failOn = Severity.unacknowledged

  @Flag(help: "Show what agrees, too.") var all = false
  @Option(
    help: ArgumentHelp(
      "Show at most that many stated totals: by default \(usualLimit), or with --all every one.", valueName: "count"))
  var limit: Int?

  /// As many disagreements can be read.
  private static let usualLimit = 100

  @OptionGroup var reply: ReplyOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit must not be negative.") }
  }

  func run() throws {
    let service = try connection.open(for: "reconcile")
    defer { service.close() }
    let method = "\(Reports.interface).Reconcile"
    let answer = try service.collect(method, lists: ["entries"])
    service.watch.endProgress()
    let result: Reports.ReconcileReply = try service.decode(answer, of: method)
    try reply.show(answer) { $0.reconciliation(result, all: all, limit: limit ?? (all ? .max : Self.usualLimit)) }
    let count: Int64 =
      switch failOn {
      case .unacknowledged: result.unacknowledged
      case .any: result.unacknowledged.addingClamped(result.acknowledged)
      case .none: 0
      }
    if count > 0 {
      throw Failure(
        status: .badData,
        message: "\(count) \(count == 1 ? "statement disagrees" : "statements disagree")"
          + (failOn == .any ? "" : " and nobody has acknowledged it"))
    }
  }
}
