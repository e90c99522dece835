import ArgumentParser
import JSON
import MusterAPI

struct Metrics: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics",
    abstract: "Show the figures of muster status for a monitoring system.",
    discussion: """
      They are in the text format of OpenMetrics 1.0, which Prometheus and its textfile collector read.

      EXAMPLES
        muster metrics
        muster metrics --json
        muster metrics > muster.prom.new && mv muster.prom.new muster.prom

      \(ConnectionOptions.environmentHelp)

      \(ExitStatus.help)
      """)

  @Flag(help: "Print them as one JSON document.") var json = false
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    let service = try connection.open(for: "metrics")
    defer { service.close() }
    let method = "\(Manage.interface).Status"
    let status: Manage.StatusReply = try service.decode(service.call(method), of: method)
    service.watch.endProgress()
    let families = metricFamilies(of: status)
    if json { return try StandardOutput.write(.object(["metrics": .array(families.map(\.json))])) }
    try StandardOutput.write(openMetricsText(families))
  }
}
