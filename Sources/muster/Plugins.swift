import ArgumentParser
import JSON
import MusterAPI

struct Plugins: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugins",
    abstract: "List the plugins with their state, or run one twice and compare.",
    discussion: """
      EXAMPLES
        muster plugins
        muster plugins --audit released-share

      With --audit it prints "same" or "different" with the report that was run, and exits 0 or 65.

      \(ConnectionOptions.environmentHelp)

      \(ExitStatus.help)
      """)

  @Option(
    help: ArgumentHelp("Run a report that uses this plugin twice, and compare the results.", valueName: "name"),
    completion: .asking(Candidates.plugins))
  var audit: String?

  @OptionGroup var reply: ReplyOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    let service = try connection.open(for: audit.map { "audit \($0)" } ?? "plugins")
    defer { service.close() }
    if let audit { return try run(auditOf: audit, by: service) }
    let method = "\(Manage.interface).Plugins"
    let answer = try service.call(method)
    service.watch.endProgress()
    try reply.show(answer) { $0.plugins(try service.decode(answer, of: method)) }
  }

  private func run(auditOf plugin: String, by service: Connection) throws {
    let method = "\(Manage.interface).AuditPlugin"
    let answer = try service.call(method, Manage.AuditPluginParameters(name: plugin))
    service.watch.endProgress()
    let audit: Manage.AuditPluginReply = try service.decode(answer, of: method)
    try reply.show(answer) { $0.audit(audit) }
    if let difference = audit.difference {
      throw Failure(
        status: .badData,
        message: "\(plugin) does not give the same twice: \(audit.report): \(difference)")
    }
  }
}
