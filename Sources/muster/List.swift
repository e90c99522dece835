import ArgumentParser
import MusterAPI

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the reports.",
    discussion: """
      EXAMPLES
        muster list
        muster list --json

      \(ConnectionOptions.environmentHelp)

      \(ExitStatus.help)
      """)

  @OptionGroup var reply: ReplyOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    let service = try connection.open(for: "list")
    defer { service.close() }
    let method = "\(Reports.interface).List"
    let answer = try service.call(method)
    service.watch.endProgress()
    try reply.show(answer) { $0.list(try service.decode(answer, of: method)) }
  }
}
