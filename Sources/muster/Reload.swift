import ArgumentParser
import Glibc
import MusterAPI

struct Reload: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reload",
    abstract: "Make musterd load its configuration and dataset anew.",
    discussion: """
      All of it takes effect at once. If anything is wrong, every problem is shown and what was loaded before stays in use.

      EXAMPLES
        muster reload

      \(ConnectionOptions.environmentHelp)

      \(ExitStatus.help)
      """)

  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    let service = try connection.open(for: "reload")
    defer { service.close() }
    let method = "\(Manage.interface).Reload"
    let answer: Manage.ReloadReply = try service.decode(service.call(method, isRepeatable: false), of: method)
    service.watch.endProgress()
    try StandardOutput.write(Rendering(Terminal(descriptor: STDOUT_FILENO)).reload(answer) + "\n")
  }
}
