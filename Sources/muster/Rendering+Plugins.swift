import Base
import MusterAPI

extension Rendering {
  /// A table of the plugins; below each what it is kept apart from, and why its last run failed.
  func plugins(_ reply: Manage.PluginsReply) -> String {
    var rows = [["Name", "Kind", "State", "Runs", "Failures"]]
    rows += reply.plugins.map { plugin in
      [
        printable(plugin.name), printable(plugin.kind.rawValue), printable(plugin.state.rawValue),
        plugin.runs.map(String.init) ?? "",
        plugin.failures.map(String.init) ?? "",
      ]
    }
    let widths = rows[0].indices.map { column in rows.map { TerminalText.width(of: $0[column]) }.max() ?? 0 }
    let margin = widths.reduce(0) { $0 + $1 + 2 }
    func line(_ cells: [String], _ last: String) -> String {
      let padding = zip(cells, widths).map {
        $0.allSatisfy(\.isNumber) ? $0.leftPadded(to: $1) : TerminalText.padded($0, to: $1)
      }
      return (padding + [last]).joined(separator: "  ")
    }
    // A terminal too narrow for a column of text gets lines that it breaks by itself.
    let width = terminal.width.map { max(20, $0 - margin) }
    let hanging = String(repeating: " ", count: margin)
    var lines = [terminal.bold(line(rows[0], "Summary"))]
    for (plugin, cells) in zip(reply.plugins, rows.dropFirst()) {
      let summary = wrapped(plugin.summary, width: width)
      lines.append(line(cells, summary[0]))
      lines += summary.dropFirst().map { hanging + $0 }
      lines += notes(on: plugin).flatMap { wrapped($0, width: width) }.map { hanging + terminal.dim($0) }
    }
    return lines.joined(separator: "\n")
  }

  private func notes(on plugin: Manage.Plugin) -> [String] {
    let isolation = plugin.isolation.map { $0.isEmpty ? "nothing more than its limits" : $0.joined(separator: ", ") }
    return [isolation.map { "isolation: \($0)" }, plugin.reason].compactMap { $0 }
  }

  func audit(_ reply: Manage.AuditPluginReply) -> String {
    "\(reply.difference == nil ? "same" : "different"): \(printable(reply.report))"
  }
}

extension String {
  fileprivate func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - TerminalText.width(of: self))) + self
  }
}
