import Base
import MusterAPI

/// Replies as people read them: aligned, wrapped to the terminal's width, and coloured where that is wanted.
struct Rendering {
  let terminal: Terminal

  init(_ terminal: Terminal) { self.terminal = terminal }

  func list(_ reply: Reports.ListReply) -> String {
    if reply.reports.isEmpty { return "no reports are configured" }
    let entries = reply.reports.map { report in
      Entry(report.name, body(report.title) + note(report.summary), isHeading: true)
    }
    return text(aligned(entries, indent: 0) + ["", terminal.dim("revision \(printable(reply.revision))")])
  }

  func describe(_ reply: Reports.DescribeReply) -> String {
    var lines = [terminal.bold(printable(reply.name)) + "  " + printable(reply.title)]
    lines += wrapped(reply.summary, width: terminal.width)
    lines += section("Steps", aligned(reply.steps.map(step), indent: 2))
    lines += section("Parameters", aligned(reply.parameters.map(parameter), indent: 2))
    lines += section("Columns", aligned(reply.columns.map(column), indent: 2))
    lines += section("Formats", aligned(reply.formats.map(format), indent: 2))
    return text(lines + ["", terminal.dim("revision \(printable(reply.revision))")])
  }

  func dimensions(_ dimensions: [Reports.Dimension]) -> String {
    var lines: [String] = []
    for dimension in dimensions {
      if !lines.isEmpty { lines.append("") }
      lines.append(terminal.bold(printable(dimension.name)) + "  " + printable(dimension.title))
      lines += aligned(dimension.codes.map { Entry($0.id, body($0.name)) }, indent: 2)
    }
    return text(lines)
  }

  func status(_ reply: Manage.StatusReply) -> String {
    let uptime = durationText(microseconds: reply.uptimeMicroseconds)
    let entries = [
      Entry("version", body(reply.version)),
      Entry("process", body("\(reply.processId)")),
      Entry("started", body("\(UTC(microseconds: reply.startedAt).text()), \(uptime) ago")),
      Entry("configuration", body(reply.configuration)),
      Entry("generation", body("\(reply.generation), loaded \(UTC(microseconds: reply.loadedAt).text())")),
      Entry("last reload", reload(reply.lastReload)),
      Entry("reloads", body("\(reply.reloads) succeeded, \(reply.failedReloads) failed")),
      Entry("dataset", body(reply.dataset)),
      Entry("revision", body(reply.revision)),
      Entry("observations", body("\(reply.observations)")),
      Entry("reports", body("\(reply.reports)")),
      Entry("connections", body("\(reply.connections) open, \(reply.connectionsTotal) since the start")),
      Entry("refused", counters(reply.refusedConnections)),
      Entry("calls", body("\(reply.calls), \(reply.runningCalls) of them running")),
      Entry("runs", body("\(reply.runningRuns) running, \(reply.waitingRuns) waiting")),
      Entry("latencies", latencies(reply.latencies)),
      Entry("errors", counters(reply.errors)),
      Entry("protocol errors", counters(reply.protocolErrors)),
      Entry(
        "cache",
        body(
          "\(reply.cacheEntries) results, \(sizeText(bytes: reply.cacheBytes)), "
            + "\(reply.cacheHits) hits, \(reply.cacheMisses) misses")),
      Entry("programs", programs(reply.programs)),
      Entry("exports", exports(reply.exports)),
    ]
    return text(aligned(entries, indent: 0))
  }

  func reload(_ reply: Manage.ReloadReply) -> String {
    "generation \(reply.generation), revision \(printable(reply.revision))"
  }
}

extension Rendering {
  /// A paragraph, and whether it is a note to the one before.
  typealias Paragraph = (text: String, isNote: Bool)

  /// A term with its paragraphs beside it.
  struct Entry {
    var term: String
    var paragraphs: [Paragraph]
    var isHeading: Bool

    init(_ term: String, _ paragraphs: [Paragraph], isHeading: Bool = false) {
      self.term = printable(term)
      self.paragraphs = paragraphs
      self.isHeading = isHeading
    }
  }

  func body(_ text: String) -> [Paragraph] { [(text, false)] }

  func note(_ text: String?) -> [Paragraph] {
    guard let text, !text.isEmpty else { return [] }
    return [(text, true)]
  }

  private func parameter(_ parameter: Reports.Parameter) -> Entry {
    let fallback =
      parameter.default.map { "default \($0.isEmpty ? "\"\"" : $0)" }
      ?? (parameter.required == false ? "optional" : "required")
    var paragraphs = body("\(parameter.kind), \(fallback)")
    if let choices = parameter.choices, !choices.isEmpty {
      paragraphs += body("one of \(choices.joined(separator: ", "))")
    }
    return Entry(parameter.name, paragraphs + note(parameter.summary))
  }

  private func step(_ step: Reports.Step) -> Entry {
    let parameters = step.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return Entry(step.name, (parameters.isEmpty ? [] : body(parameters.joined(separator: " "))) + note(step.summary))
  }

  private func column(_ column: Reports.Column) -> Entry {
    let unit = column.unit.map { ", \($0)" } ?? ""
    return Entry(column.name, body("\(column.title) (\(column.kind)\(unit))") + note(column.description))
  }

  private func format(_ format: Reports.Format) -> Entry {
    let suffixes = format.fileExtensions.map { ".\($0)" }
    let parameters = format.parameters.flatMap { parameter in
      note("\(parameter.name)=\(parameter.default ?? "") \(parameter.summary)")
    }
    return Entry(
      format.name, body((suffixes + [format.mediaType]).joined(separator: ", ")) + note(format.summary) + parameters)
  }

  private func reload(_ result: Manage.ReloadResult?) -> [Paragraph] {
    guard let result else { return body("none") }
    let time = UTC(microseconds: result.finishedAt).text()
    if result.succeeded { return body("succeeded \(time)") }
    return body("failed \(time); what was loaded before stays in use") + result.problems.flatMap(body)
  }

  private func counters(_ counters: [Manage.Counter]) -> [Paragraph] {
    counters.isEmpty ? body("none") : counters.flatMap { body("\($0.count) \($0.name)") }
  }

  private func latencies(_ latencies: [Manage.Latency]) -> [Paragraph] {
    if latencies.isEmpty { return body("none") }
    return latencies.flatMap { latency in
      let percentiles = [("50%", latency.p50), ("90%", latency.p90), ("99%", latency.p99), ("all", latency.max)]
      let text = percentiles.map { "\($0.0) within \(latencyText(microseconds: $0.1))" }.joined(separator: ", ")
      return body("\(latency.count) \(latency.method)") + note(text)
    }
  }

  private func programs(_ programs: [Manage.Plugin]) -> [Paragraph] {
    if programs.isEmpty { return body("none") }
    return programs.flatMap { program in
      body("\(program.name), \(program.state): \(program.runs ?? 0) runs, \(program.failures ?? 0) failures")
        + note(program.reason)
    }
  }

  func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : ["", terminal.bold(title)] + lines
  }

  /// The entries with all their paragraphs beginning in one column.
  func aligned(_ entries: [Entry], indent: Int) -> [String] {
    let termWidth = min(entries.map { TerminalText.width(of: $0.term) }.max() ?? 0, 30)
    let margin = indent + termWidth + 2
    // A terminal too narrow for a column of text gets lines that it breaks by itself.
    let width = terminal.width.map { max(20, $0 - margin) }
    return entries.flatMap { entry -> [String] in
      var lines = entry.paragraphs.flatMap { paragraph in
        wrapped(paragraph.text, width: width).map { paragraph.isNote ? terminal.dim($0) : $0 }
      }
      let space = String(repeating: " ", count: indent)
      let term = TerminalText.padded(entry.term, to: termWidth)
      let shown = space + (entry.isHeading ? terminal.bold(term) : term)
      let hanging = String(repeating: " ", count: margin)
      if TerminalText.width(of: entry.term) > termWidth { return [shown] + lines.map { hanging + $0 } }
      let first = lines.isEmpty ? "" : lines.removeFirst()
      return ["\(shown)  \(first)"] + lines.map { hanging + $0 }
    }
  }

  func text(_ lines: [String]) -> String { lines.joined(separator: "\n") }
}
