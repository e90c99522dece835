import ArgumentParser
import MusterAPI
import Posix

struct ExportsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exports",
    abstract: "List the exports, and how they went.",
    discussion: """
      EXAMPLES
        muster exports
        muster exports --json

      \(ConnectionOptions.environmentHelp)

      \(ExitStatus.help)
      """)

  @OptionGroup var reply: ReplyOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    let service = try connection.open(for: "exports")
    defer { service.close() }
    let method = "\(Exports.interface).List"
    let answer = try service.call(method)
    service.watch.endProgress()
    try reply.show(answer) { $0.exports(try service.decode(answer, of: method), now: currentMicroseconds()) }
  }
}
