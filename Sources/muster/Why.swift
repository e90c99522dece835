import ArgumentParser
import MusterAPI

struct Why: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Tell how one cell of a report came about.",
    discussion: """
      EXAMPLES
        muster why country-summary finland remaining
        muster why bloc-aggregate Total released --set scheme=region
        muster why country-summary "#3" total --where source=attachment_1 --json

      It shows the numbers behind the cell with their sources, places and words, what was left out and why, what the
      sources state about the sum, the steps that followed, and the caveats. The row is named by any text in it, by # and
      its number, or by the title of a total.

      \(ConnectionOptions.environmentHelp)

      \(ExitStatus.help)
      """)

  @Argument(help: "The name of the report, as muster list shows it.", completion: .asking(Candidates.reports))
  var report: String
  @Argument(
    help: "A text of the row, such as an id or a name; or # and its number.", completion: .asking(Candidates.rows))
  var row: String
  @Argument(help: "The name or the heading of the column.", completion: .asking(Candidates.columns))
  var column: String
  @OptionGroup var selection: SelectionOptions
  @Option(help: ArgumentHelp("List at most so many observations.", valueName: "count")) var limit: Int64 = 1000
  @OptionGroup var reply: ReplyOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    if !(1...100_000).contains(limit) { throw ValidationError("--limit takes a number from 1 to 100000") }
  }

  func run() throws {
    let service = try connection.open(for: "why \(report) \(row) \(column)")
    defer { service.close() }
    let method = "\(Reports.interface).Explain"
    let answer = try service.collect(
      method,
      Reports.ExplainParameters(
        report: report, parameters: selection.parameters, where: selection.where, row: row, column: column,
        limit: limit),
      lists: ["evidence", "notes"])
    service.watch.endProgress()
    try reply.show(answer) { $0.explanation(try service.decode(answer, of: method)) }
  }
}
