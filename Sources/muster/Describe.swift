import ArgumentParser
import MusterAPI

struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Describe a report: its parameters, columns and formats.",
    discussion: """
      EXAMPLES
        muster describe country-summary
        muster describe country-summary --json

      \(ConnectionOptions.environmentHelp)

      \(ExitStatus.help)
      """)

  @Argument(help: "The name of the report, as muster list shows it.", completion: .asking(Candidates.reports))
  var report: String
  @OptionGroup var reply: ReplyOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    let service = try connection.open(for: "describe \(report)")
    defer { service.close() }
    let method = "\(Reports.interface).Describe"
    let answer = try service.call(method, Reports.DescribeParameters(report: report))
    service.watch.endProgress()
    try reply.show(answer) { $0.describe(try service.decode(answer, of: method)) }
  }
}
