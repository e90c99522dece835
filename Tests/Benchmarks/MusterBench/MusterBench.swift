import ArgumentParser
import Base
import Columnar
import Glibc
import JSON
import Pipeline
import ReportKit
import ReportPlugins

/// Times what the daemon does with a dataset, without a socket, and writes down what it computed.
@main
struct MusterBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times loading, grouping by place and breakdown, and the reports of a configuration.",
    discussion: "Prints one JSON object with all times in microseconds.")

  @Option(help: "The configuration file.")
  var config: String

  @Option(help: "How often each is timed.")
  var runs = 21

  @Option(help: "A file for the answers of both methods, as CSV.")
  var answers: String?

  func run() async throws {
    let clock = ContinuousClock()
    let registry = PluginRegistry(reports: [CountrySummary(), BlocAggregate()], transforms: [], exporters: [])
    let start = clock.now
    let generation = try await Generation.load(path: config, registry: registry)
    let load = start.duration(to: clock.now)
    guard let engine = generation.engine as? ColumnarEngine, engine.hasCube else {
      throw ValidationError("the dataset is not of a size that has a cube")
    }

    var times: [(name: String, times: [Duration])] = [("load", [load])]
    for method in Method.allCases {
      for grouping in Grouping.allCases {
        times.append(
          ("\(grouping) \(method)", try await measure(clock) { _ = try await grouping.groups(of: engine, method) }))
      }
    }
    for report in generation.reports {
      times.append((report.name, try await measure(clock) { try await read(report, of: generation) }))
    }
    if let answers {
      var text = "method,grouping,group,breakdown,sum,numbers,observations,of_which,contested\n"
      for method in Method.allCases {
        for grouping in Grouping.allCases { text += try await grouping.answers(of: engine, method) }
      }
      try write(text, to: answers)
    }
    let json = JSONObject(times.map { ($0.name, .array($0.times.map { .integer($0.microseconds) })) })
    print(JSONValue.object(json).text)
  }

  private func read(_ report: CompiledReport, of generation: Generation) async throws {
    _ = try await Delivery(of: generation).run(generation.request(report: report.name)) { _ in DroppedRows() }
  }

  private func measure(_ clock: ContinuousClock, _ work: () async throws -> Void) async rethrows -> [Duration] {
    var times: [Duration] = []
    for _ in 0..<runs { times.append(try await clock.measure(work)) }
    return times
  }

  private func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "w") else { throw ValidationError("cannot write \(path)") }
    defer { fclose(file) }
    guard fputs(text, file) >= 0 else { throw ValidationError("cannot write \(path)") }
  }
}

private struct DroppedRows: TableSink {
  mutating func take(_ batch: Batch) {}
  mutating func end(notes: [Note], totals: [TotalRow]) {}
}

extension Duration {
  fileprivate var microseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }
}
