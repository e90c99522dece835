import Base
import MusterAPI

/// Where numbers come from, for people.
extension Rendering {
  func explanation(_ reply: Reports.ExplainReply) -> String {
    let shown = reply.shown.isEmpty ? "(nothing)" : reply.shown
    let unit = reply.column.unit.map { " (\($0))" } ?? ""
    var lines = [
      terminal.bold("\(printable(shown))  \(printable(reply.column.title))\(printable(unit)), \(printable(reply.row))"),
      printable(reply.title),
    ]
    if let coverage = reply.coverage { lines.append(printable(coverage.words)) }
    let added = reply.evidence.filter { $0.use == .added }
    let others = reply.evidence.filter { $0.use != .added }
    lines += section(
      reply.total == .stated
        ? "What is counted there"
        : "Added up" + ((reply.sumShown ?? reply.sum.map { "\($0)" }).map { ": \(printable($0))" } ?? ""),
      aligned(added.map(evidence), indent: 2))
    lines += section("Not added", aligned(others.map(evidence), indent: 2))
    let rest = reply.evidenceTotal.subtractingClamped(Int64(reply.evidence.count))
    if rest > 0 { lines += ["", "  and \(rest) more observations; --limit lists more"] }
    if reply.evidenceTotal == 0 {
      lines += ["", "  No observation stands behind this cell."]
    }
    lines += section("What the sources state about this sum", aligned(reply.stated.map(stated), indent: 2))
    lines += section(
      "Steps",
      aligned(
        reply.steps.map { step in
          let parameters = step.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
          return Entry(step.name, body(parameters.joined(separator: " ")) + note(step.summary))
        }, indent: 2))
    // What the coverage says stands above.
    let notes = reply.notes.filter { note in
      note.kind != .coverage || reply.coverage.map { !$0.words.contains(note.text) } ?? true
    }
    lines += section("Notes", notes.flatMap { list($0.text) })
    return text(lines + ["", terminal.dim("revision \(printable(reply.revision))")])
  }

  /// - Parameters:
  ///   - all: whether totals that agree are shown.
  ///   - limit: how many totals are shown.
  func reconciliation(_ reply: Reports.ReconcileReply, all: Bool, limit: Int) -> String {
    let totals = reply.entries.filter { $0.isTotal && (all || $0.status != .agrees) }
    let contradictions = reply.entries.filter { !$0.isTotal }
    var lines: [String] = []
    if !totals.isEmpty {
      lines += [terminal.bold("Stated totals")] + totals.prefix(limit).flatMap { entry($0) }
      let rest = totals.count - min(limit, totals.count)
      if rest > 0 { lines.append("  and \(rest) more; --limit shows more") }
      lines.append("")
    }
    if !contradictions.isEmpty {
      lines += [terminal.bold("Contradictions that no sum shows")] + contradictions.flatMap { entry($0) } + [""]
    }
    if let note = reply.note {
      lines += wrapped(printable(note), width: terminal.width).map { terminal.dim($0) } + [""]
    }
    lines.append(
      "\(reply.agreeing) agree, \(reply.acknowledged) acknowledged, \(reply.unacknowledged) unacknowledged")
    return text(lines + [terminal.dim("revision \(printable(reply.revision))")])
  }

  private func evidence(_ evidence: Reports.Evidence) -> Entry {
    var paragraphs: [Paragraph] = []
    let place = evidence.locus.map { $0.hasPrefix(evidence.source) ? $0 : "\($0) (\(evidence.source))" }
    paragraphs += body(place ?? evidence.source)
    switch evidence.use {
    case .missing: paragraphs += body("left out: \(evidence.missing ?? "no number")")
    case .ofWhich: paragraphs += body("left out: a part of what another number counts (of_which)")
    case .contested: paragraphs += body("left out: its source contradicts it elsewhere (contested)")
    case .added: break
    case .unknown(let use): paragraphs += body("left out: \(use)")
    }
    if let quote = evidence.quote { paragraphs += body("“\(quote)”") }
    paragraphs += note(
      evidence.codes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "; "))
    paragraphs += evidence.caveats.flatMap { body("caveat: \($0)") }
    return Entry(evidence.printed.isEmpty ? "…" : evidence.printed, paragraphs)
  }

  private func stated(_ stated: Reports.StatedTotal) -> Entry {
    let place = [stated.locus, stated.source].compactMap { $0 }.first ?? ""
    var paragraphs = body("\(stated.agrees ? "agrees" : "differs"): \(place)")
    paragraphs += stated.explanations.flatMap { body($0) }
    if let quote = stated.quote { paragraphs += note("“\(quote)”") }
    return Entry(stated.shown, paragraphs)
  }

  /// A line with the status and the subject, and below it what is known.
  private func entry(_ entry: Reports.ReconciliationEntry) -> [String] {
    let status =
      entry.status == .unacknowledged ? terminal.bold(entry.status.rawValue) : printable(entry.status.rawValue)
    var lines = ["  \(status): \(printable(entry.subject))"]
    if entry.isTotal {
      let sums = [
        (entry.statedShown ?? entry.stated.map { "\($0)" }).map { "stated \(printable($0))" },
        (entry.computedShown ?? entry.computed.map { "\($0)" }).map { "computed \(printable($0))" },
        (entry.differenceShown ?? entry.difference.map { "\($0)" }).map { "difference \(printable($0))" },
      ]
      lines += indented(
        [sums.compactMap { $0 }.joined(separator: ", "), entry.locus].compactMap { $0 }.joined(separator: "; "))
    } else if let statements = entry.statements {
      lines += indented(statements)
    }
    if let candidates = entry.candidates { lines += indented("candidates: \(candidates)") }
    if let explanation = entry.explanation { lines += indented(explanation).map { terminal.dim($0) } }
    return lines
  }

  /// A number of which that many digits stand behind the point.
  private func decimal(_ units: Int64, _ decimals: Int64?) -> String {
    guard let decimals = decimals.map({ Int(clamping: $0) }), (1...18).contains(decimals) else { return "\(units)" }
    let digits = "\(units.magnitude)"
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return (units < 0 ? "-" : "") + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  private func indented(_ text: String) -> [String] {
    wrapped(printable(text), width: terminal.width.map { max(20, $0 - 4) }).map { "    \($0)" }
  }

  private func list(_ text: String) -> [String] {
    let lines = wrapped(printable(text), width: terminal.width.map { max(20, $0 - 4) })
    return lines.enumerated().map { ($0 == 0 ? "  - " : "    ") + $1 }
  }
}
