import ArgumentParser
import MusterAPI

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show what musterd is, has loaded and has done.",
    discussion: """
      EXAMPLES
        muster status
        muster status --json

      \(ConnectionOptions.environmentHelp)

      \(ExitStatus.help)
      """)

  @OptionGroup var reply: ReplyOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    let service = try connection.open(for: "status")
    defer { service.close() }
    let method = "\(Manage.interface).Status"
    let answer = try service.call(method)
    service.watch.endProgress()
    try reply.show(answer) { $0.status(try service.decode(answer, of: method)) }
  }
}
