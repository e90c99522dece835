import JSON
import TestSupport
import Testing
import Varlink

@testable import muster

@Suite("Figures are there for monitoring systems", .blocking, .timeLimit(.minutes(10)))
struct MetricsTests {
  private func metrics(_ arguments: String...) async throws -> String {
    let service = try FakeService(replies: [Reply(Replies.status)])
    let outcome = try await Program(["metrics"] + arguments + ["--address", service.address]).wait()
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    return outcome.output
  }

  @Test func theTextIsOpenMetrics() async throws {
    let text = try await metrics()
    #expect(openMetricsProblems(text) == [])
    for line in [
      "muster_build_info{version=\"0.1.0\"} 1",
      "muster_dataset_info{dataset=\"repatriation-1955\",revision=\"sha256:abc\"} 1",
      "muster_start_time_seconds 1700000000.000000", "muster_uptime_seconds 93784.000000", "muster_generation 3",
      "muster_reloads_total{outcome=\"failed\"} 1", "muster_last_reload_time_seconds -0.000001",
      "muster_last_reload_succeeded 0", "muster_calls_total 34",
      "muster_connections_refused_total{limit=\"limits.connections\"} 2",
      "muster_errors_total{error=\"org.muster.Reports.NoSuchReport\"} 5", "muster_cache_size_bytes 3500",
      "muster_call_duration_seconds{method=\"org.muster.Reports.Run\",quantile=\"0.5\"} 0.000873",
      "muster_call_duration_seconds{method=\"org.muster.Reports.Run\",quantile=\"0.99\"} 0.999999",
      "muster_call_duration_seconds_count{method=\"org.muster.Reports.Run\"} 30",
      "muster_call_duration_seconds_sum{method=\"org.muster.Reports.Run\"} 3.000456",
      "muster_call_duration_max_seconds{method=\"org.muster.Reports.Run\"} 1.250000",
      "muster_plugin_failures_total{plugin=\"to-sqlite\",kind=\"exporter\"} 1",
      "muster_export_failed{export=\"blocs\"} 1",
      "muster_export_last_run_time_seconds{export=\"blocs\"} 1700000300.000000",
      "muster_export_last_run_duration_seconds{export=\"blocs\"} 0.002500",
      "muster_export_written_time_seconds{export=\"blocs\"} 1700000200.000000",
      "muster_export_size_bytes{export=\"blocs\"} 3500",
    ] {
      #expect(text.contains("\n\(line)\n"), "\(line)")
    }
    #expect(!text.contains("muster_protocol_errors"), "what has no figures is left out")
  }

  @Test(
    "A sign with a mark behind it, and a line end, are still escaped",
    arguments: MarkedSigns.texts + ["a\r\nb", "\n\u{301}"])
  func labels(_ text: String) throws {
    let sample = MetricFamily.Sample(labels: [("report", text), ("last", "x")], value: .integer(1))
    let family = MetricFamily(name: "muster_x", kind: .gauge, help: text, samples: [sample])
    let lines = openMetricsText([family]).utf8.split(separator: UInt8(ascii: "\n"))
    #expect(lines.count == 4)
    let line = try #require(lines.dropFirst(2).first)
    var rest = line.dropFirst("muster_x{report=\"".utf8.count)
    var value: [UInt8] = []
    while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
      let next = byte == UInt8(ascii: "\\") ? rest.popFirst() : byte
      value.append(byte != next && next == UInt8(ascii: "n") ? UInt8(ascii: "\n") : try #require(next))
    }
    #expect(value == Array(text.utf8.map { $0 == UInt8(ascii: "\r") ? UInt8(ascii: " ") : $0 }))
    #expect(rest.elementsEqual(",last=\"x\"} 1".utf8))
  }

  @Test func jsonHasTheSameFigures() async throws {
    let text = try await metrics()
    let document = try JSONValue(parsing: try await metrics("--json"))
    let families = try #require(document["metrics"]?.arrayValue)
    let samples = families.flatMap { $0["samples"]?.arrayValue ?? [] }
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(samples.count == lines.count)
    for (sample, line) in zip(samples, lines) {
      #expect(line.prefix { $0 != "{" && $0 != " " } == sample["name"]?.stringValue ?? "")
      let value = try #require(Double(line.split(separator: " ").last ?? ""))
      #expect(sample["value"].flatMap { Double($0.text) } == value)
    }
    #expect(families.first { $0["name"] == "muster_uptime_seconds" }?["unit"] == "seconds")
  }

  @Test func namesOfAnyKindAreEscaped() {
    let family = MetricFamily(
      name: "a", kind: .gauge, help: "x\ny \\ \"z\"",
      samples: [MetricFamily.Sample(labels: [("l", "q\"\\\n")], value: .integer(1))])
    let text = openMetricsText([family])
    #expect(text == "# TYPE a gauge\n# HELP a x\\ny \\\\ \\\"z\\\"\na{l=\"q\\\"\\\\\\n\"} 1\n# EOF\n")
    #expect(openMetricsProblems(text) == [])
  }

  @Test(
    "The check itself finds what is wrong",
    arguments: [
      "", "# TYPE a gauge\na 1\n", "a 1\n# EOF\n", "# TYPE a gauge\na 1\n# EOF\n\n", "# TYPE a gauge\na  1\n# EOF\n",
      "# TYPE a counter\na 1\n# EOF\n", "# TYPE a gauge\na 1\na 1\n# EOF\n", "# TYPE a gauge\na one\n# EOF\n",
      "# TYPE a gauge\n# UNIT a seconds\na 1\n# EOF\n", "# TYPE a gauge\na{b=1} 1\n# EOF\n",
      "# TYPE a gauge\n# TYPE b gauge\nb 1\na 1\n# EOF\n", "# TYPE a gauge\na{b=\"\\x\"} 1\n# EOF\n",
      "# TYPE a gauge\n# TYPE a gauge\na 1\n# EOF\n", "# TYPE a counter\na_total -1\n# EOF\n",
      "# TYPE a summary\na{quantile=\"2\"} 1\n# EOF\n", "# TYPE a histogramm\na 1\n# EOF\n",
    ])
  func check(text: String) {
    #expect(openMetricsProblems(text) != [])
  }
}

/// What is not as OpenMetrics 1.0 has it, in the types that it has for counters, gauges and summaries.
func openMetricsProblems(_ text: String) -> [String] {
  var problems: [String] = []
  guard text.hasSuffix("# EOF\n") else { return ["it does not end with # EOF and one line break"] }
  var types: [Substring: Substring] = [:]
  var current: Substring = ""
  var series: Set<Substring> = []
  for line in text.dropLast("# EOF\n".count).split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
    if line.hasPrefix("# ") {
      let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
      guard words.count == 4 else {
        problems.append("not a descriptor: \(line)")
        continue
      }
      let (keyword, name, value) = (words[1], words[2], words[3])
      switch keyword {
      case "TYPE":
        if types[name] != nil { problems.append("a second type: \(line)") }
        if !["gauge", "counter", "summary"].contains(value) { problems.append("unknown type: \(line)") }
        types[name] = value
        current = name
      case "UNIT" where name != current || !name.hasSuffix("_\(value)"): problems.append("a wrong unit: \(line)")
      case "HELP" where name != current || !isEscaped(value): problems.append("a wrong help: \(line)")
      case "UNIT", "HELP": break
      default: problems.append("unknown descriptor: \(line)")
      }
      continue
    }
    guard let match = line.wholeMatch(of: #/([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?[0-9]+(?:\.[0-9]+)?)/#) else {
      problems.append("not a sample: \(line)")
      continue
    }
    let (name, labels, value) = (match.1, match.2 ?? "", match.3)
    let suffixes: [String] =
      switch types[current] {
      case "counter": ["_total"]
      case "summary": ["", "_count", "_sum"]
      default: [""]
      }
    if !suffixes.contains(where: { name == current + $0 }) { problems.append("not of the family \(current): \(line)") }
    if types[current] == "counter", value.hasPrefix("-") { problems.append("a negative counter: \(line)") }
    if !series.insert(line.prefix(line.count - value.count)).inserted { problems.append("twice: \(line)") }
    guard !labels.isEmpty else { continue }
    if labels.wholeMatch(of: #/[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\.)*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\.)*")*/#)
      == nil
      || !isEscaped(labels)
    {
      problems.append("wrong labels: \(line)")
    }
    if let quantile = labels.firstMatch(of: #/quantile="([^"]*)"/#)?.1,
      types[current] != "summary" || Double(quantile).map({ (0...1).contains($0) }) != true
    {
      problems.append("a wrong quantile: \(line)")
    }
  }
  return problems
}

private func isEscaped(_ text: Substring) -> Bool {
  text.replacing("\\\\", with: "").replacing("\\\"", with: "").replacing("\\n", with: "").contains("\\") == false
}
