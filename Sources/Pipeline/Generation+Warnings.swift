public import Base
internal import ExternalPlugins
internal import Model
internal import ReportKit

extension Generation {
  /// Columns and totals of reports that never have a number, since what they would be made of does not add. They are no
  /// problems: the report says so in each cell. External plugins are not run.
  ///
  /// Also that limits of memory come to more than this process may have; a service may have more or less.
  public func warnings() async throws -> ProblemList {
    var warnings = ProblemList()
    if let excess = configuration.limits.memoryExcess() {
      warnings.append(Problem(file: configuration.file, message: "warning: \(excess)"))
    }
    for report in reports where mayNotAdd(report) {
      guard let name = configuration.reports.first(where: { $0.name.value == report.name })?.name else { continue }
      let request = ResultRequest(
        report: report.name, arguments: report.plan.arguments, filter: report.plan.filter, format: nil)
      do {
        let sink = try await Delivery(of: self).run(request) { AdditivitySink($0.header.columns) }
        for message in sink.messages {
          warnings.append(name.problem("warning: the report \"\(report.name)\" \(message)"))
        }
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        // A report that fails with these numbers tells it whoever runs it.
        continue
      }
    }
    return warnings
  }

  /// Whether numbers of the report may not add; one without such columns need not be run.
  private func mayNotAdd(_ report: CompiledReport) -> Bool {
    if configuration.plugins.contains(where: { report.usesPlugin(named: $0.name.value) }) { return false }
    let model = model
    let measures = Set(
      report.columns.compactMap(\.measure).flatMap { index in
        model.measures[index].ratio.map { [$0.of, $0.per] } ?? [index]
      })
    return measures.contains { index in
      zip(model.measures[index].rules, model.dimensions.indices).contains { rule, dimension in
        rule == .none && dimension != model.measureIndex && model.dimensions[dimension].codes.count > 1
      }
    }
  }
}

/// Looks which columns and totals have no number anywhere, and why.
private struct AdditivitySink: TableSink {
  private struct Column {
    var name: String
    var hasNumber = false
    /// Why its first cell that is not additive has none.
    var reason: String?
  }

  private var columns: [Column?]
  private var totals: [(title: String, cells: [(column: String, reason: String)])] = []

  init(_ columns: [ReportKit.Column]) {
    self.columns = columns.map { $0.measure == nil ? nil : Column(name: $0.name) }
  }

  mutating func take(_ batch: Batch) {
    for index in columns.indices {
      guard var column = columns[index], !column.hasNumber else { continue }
      for row in batch.indices where !column.hasNumber {
        switch batch.value(row, index) {
        case .integer, .decimal: column.hasNumber = true
        case .missing(let missing?) where missing.kind == .notAdditive: column.reason = column.reason ?? missing.label
        case .missing, .text: break
        }
      }
      columns[index] = column
    }
  }

  mutating func end(notes: [Note], totals: [TotalRow]) {
    for total in totals where total.kind == .computed {
      var cells: [(column: String, reason: String)] = []
      for (column, cell) in zip(columns, total.row.cells) {
        guard let column, column.hasNumber, case .missing(let missing?) = cell.value, missing.kind == .notAdditive
        else { continue }
        cells.append((column.name, missing.label))
      }
      if !cells.isEmpty { self.totals.append((total.title, cells)) }
    }
  }

  var messages: [String] {
    let empty = columns.compactMap { column in
      column.flatMap { column in column.hasNumber ? nil : column.reason.map { (column: column.name, reason: $0) } }
    }
    return grouped(empty).map { "has no number in \($0)" }
      + totals.flatMap { total in grouped(total.cells).map { "has no number in the row \"\(total.title)\" of \($0)" } }
  }

  /// Such as `the columns "total", "last": not additive: Inhabitants do not add over Year`, for each reason.
  private func grouped(_ cells: [(column: String, reason: String)]) -> [String] {
    var reasons: [(reason: String, columns: [String])] = []
    for cell in cells {
      if let index = reasons.firstIndex(where: { $0.reason == cell.reason }) {
        reasons[index].columns.append(cell.column)
      } else {
        reasons.append((cell.reason, [cell.column]))
      }
    }
    return reasons.map { reason, columns in
      let names = columns.prefix(4).map { "\"\($0)\"" }.joined(separator: ", ")
      let rest = columns.count > 4 ? " and \(columns.count - 4) more" : ""
      return "the column\(columns.count == 1 ? "" : "s") \(names)\(rest): \(reason)"
    }
  }
}
