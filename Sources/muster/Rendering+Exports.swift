import Base
import MusterAPI

extension Rendering {
  func export(_ run: Exports.Run) -> String {
    let size = run.bytes.map { ", \(sizeText(bytes: $0))" } ?? ""
    let rows = run.rows.map { ", \($0) \($0 == 1 ? "row" : "rows")" } ?? ""
    let time = latencyText(microseconds: run.durationMicroseconds)
    return "\(terminal.bold(printable(run.name)))  \(printable(run.outcome.rawValue))\(rows)\(size), in \(time)"
  }

  /// - Parameter now: in microseconds since 1970.
  func exports(_ reply: Exports.ListReply, now: Int64) -> String {
    if reply.exports.isEmpty { return "no exports are configured" }
    let entries = reply.exports.map { export in
      Entry(export.name, state(of: export, now: now), isHeading: true)
    }
    let directory = reply.directory.map { "directory: \(printable($0))" } ?? ""
    let problem = reply.problem.map { ["", terminal.bold(printable($0))] } ?? []
    return text(aligned(entries, indent: 0) + problem + ["", terminal.dim(directory)])
  }

  private func state(of export: Exports.ExportState, now: Int64) -> [Paragraph] {
    var file = "\(export.file), no file yet"
    if let size = export.size, let writtenAt = export.writtenAt {
      file = "\(export.file), \(sizeText(bytes: size)), written \(age(of: writtenAt, now))"
    }
    let source = note("\(export.report) as \(export.exporter)")
    guard let last = export.last else { return body(file) + body("never run") + source }
    let time = latencyText(microseconds: last.durationMicroseconds)
    let outcome = "\(last.outcome.rawValue) \(age(of: last.finishedAt, now)), in \(time)"
    return body(file) + body(outcome + (last.reason.map { ": \($0)" } ?? "")) + source
  }

  private func age(of time: Int64, _ now: Int64) -> String {
    "\(durationText(microseconds: now.subtractingClamped(time))) ago"
  }

  func verification(_ reply: Exports.VerifyReply, of subject: String) -> String {
    let verdict = reply.identical ? "identical" : "different"
    var lines = [
      "\(terminal.bold(printable(subject)))  \(verdict): \(printable(reply.report)), written \(printable(reply.writtenAt))"
    ]
    lines += section(reply.changes).map { "  \($0)" }
    lines += reply.differences.map { "    \(printable($0))" }
    let unlisted = reply.differencesTotal.subtractingClamped(Int64(reply.differences.count))
    if unlisted > 0 {
      lines.append(
        "    and \(unlisted) more \(unlisted == 1 ? "difference" : "differences"), \(reply.differencesTotal) in all")
    }
    lines += reply.remarks.flatMap { wrapped($0, width: terminal.width.map { max(20, $0 - 2) }) }.map {
      terminal.dim("  \($0)")
    }
    return text(lines)
  }

  private func section(_ changes: [Exports.Change]) -> [String] {
    changes.map { change in
      let what =
        switch change.part {
        case .data: "the data changed"
        case .configuration: "the configuration changed"
        case .plugins: "the plugins changed"
        case .file: "the file changed"
        case .unknown(let part): "\(part) changed"
        }
      return printable("\(what): \(change.text)")
    }
  }
}

extension Rendering {
  /// Those that failed, and how many there are.
  func exports(_ exports: [Manage.Export]) -> [Paragraph] {
    if exports.isEmpty { return body("none") }
    let failed = exports.filter { $0.outcome == .failed }
    return body("\(exports.count), \(failed.count) of them failed")
      + failed.flatMap { export in
        body("\(export.name) failed\(export.finishedAt.map { " \(UTC(microseconds: $0).text())" } ?? "")")
          + note(export.reason)
      }
  }
}
