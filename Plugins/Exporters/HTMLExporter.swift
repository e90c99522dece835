package import ReportKit

/// One HTML page that needs nothing else: the table with its totals, the notes, a chart, and the citations behind the
/// numbers. It has no script, follows the reader's choice of light or dark, and prints.
package struct HTMLExporter: ExporterPlugin {
  /// More rows than this are refused.
  package static let rowLimit = 10_000

  package init() {}

  static let chart = Parameter.boolean(
    "chart", "Draw the numbers as lines over time, or those that may be added up as bars", default: true)
  static let citations = Parameter.boolean("citations", "List the observations behind each number", default: true)

  package let manifest = Manifest(
    name: "html", summary: "One self-contained page with table, notes, chart and citations", chart, citations,
    Thousands.parameter)
  package let mediaType = "text/html; charset=utf-8"
  package let fileExtensions = ["html", "htm"]

  package func encoder(
    for header: ExportHeader, arguments: Arguments
  ) throws(ParameterError) -> any TableEncoder {
    HTMLEncoder(
      header: header, hasChart: arguments[Self.chart], hasCitations: arguments[Self.citations],
      thousands: arguments[Thousands.parameter])
  }
}

private struct HTMLEncoder: TableEncoder {
  let header: ExportHeader
  let thousands: Thousands
  /// The column that names the rows.
  let labelColumn: Int?
  var chart: HTMLChart
  var citations: HTMLCitations?
  var notes: NoteCollector
  var rowCount = 0

  init(header: ExportHeader, hasChart: Bool, hasCitations: Bool, thousands: Thousands) {
    self.header = header
    self.thousands = thousands
    labelColumn = ChartColumns.label(of: header.columns)
    chart = HTMLChart(header.columns, isWanted: hasChart)
    citations = hasCitations ? header.citations.map { HTMLCitations($0) } : nil
    notes = NoteCollector(columns: header.columns)
  }

  mutating func begin(into bytes: inout [UInt8]) {
    bytes += HTMLPage.head(title: header.title).utf8
    let headings = header.columns.map { column in
      "<th scope=\"col\"\(column.htmlClass)>\(xmlText(column.title))</th>"
    }
    bytes +=
      """
      <div class="scroll" role="region" aria-labelledby="table-title" tabindex="0">
      <table>
      <caption><span class="hidden" id="table-title">\(xmlText(header.title))</span> \(caption)</caption>
      <thead>
      <tr>\(headings.joined())</tr>
      </thead>
      <tbody>

      """.utf8
  }

  mutating func encode(_ batch: Batch, into bytes: inout [UInt8]) async throws {
    if rowCount + batch.count > HTMLExporter.rowLimit {
      throw RowLimitExceeded(step: "html", limit: HTMLExporter.rowLimit)
    }
    notes.add(batch)
    for row in batch.rows {
      chart.add(row)
      bytes += try await tableRow(row).utf8
      rowCount += 1
    }
  }

  mutating func finish(notes tableNotes: [Note], totals: [TotalRow], into bytes: inout [UInt8]) {
    notes.add(totals)
    bytes += "</tbody>\n".utf8
    if !totals.isEmpty { bytes += "<tfoot>\n\(totals.map { totalRow($0) }.joined())</tfoot>\n".utf8 }
    bytes += "</table>\n</div>\n".utf8
    bytes += notesSection(notes.notes(tableNotes: tableNotes)).utf8
    bytes += chart.section.utf8
    bytes += (citations?.section ?? "").utf8
    bytes += HTMLPage.foot(header).utf8
  }

  private func totalRow(_ total: TotalRow) -> String {
    let cells = zip(header.columns, total.row.cells).map { column, cell in
      if case .text = cell.value { return "<th scope=\"row\">\(xmlText(cell.text))</th>" }
      return "<td\(column.htmlClass)>\(xmlText(text(cell, in: column)))\(marks(on: cell))</td>"
    }
    return "<tr>\(cells.joined())</tr>\n"
  }

  private mutating func tableRow(_ row: Row) async throws -> String {
    let label = labelColumn.map { row[$0].text } ?? "row \(rowCount + 1)"
    citations?.beginRow(label)
    var html = "<tr>"
    for (index, (column, cell)) in zip(header.columns, row.cells).enumerated() {
      if index == labelColumn {
        html += "<th scope=\"row\" dir=\"auto\">\(xmlText(cell.text))\(marks(on: cell))</th>"
      } else if column.kind == .text {
        html += "<td dir=\"auto\">\(xmlText(cell.text))\(marks(on: cell))</td>"
      } else {
        html += try await numberCell(cell, column, of: row, label: label, id: "\(rowCount)-\(index)")
      }
    }
    return html + "</tr>\n"
  }

  private mutating func numberCell(
    _ cell: Cell, _ column: Column, of row: Row, label: String, id: String
  ) async throws -> String {
    let text = text(cell, in: column)
    if !text.isEmpty,
      let cited = try await citations?.cite(column, of: row, label: label, text: text, id: id)
    {
      return "<td class=\"number cited\" id=\"v\(id)\">\(cited.link)\(marks(on: cell))\(cited.tip)</td>"
    }
    return "<td class=\"number\">\(xmlText(text))\(marks(on: cell))</td>"
  }

  private func text(_ cell: Cell, in column: Column) -> String { thousands.text(cell.value, in: column) }

  private func marks(on cell: Cell) -> String {
    let links = notes.numbers(of: cell).map { "<a href=\"#note-\($0)\" aria-label=\"Note \($0)\">\($0)</a>" }
    return links.isEmpty ? "" : "<sup>\(links.joined(separator: ","))</sup>"
  }

  /// What one unit of the numbers is, when it is the same for all, and where the numbers lead.
  private var caption: String {
    let units = Set(header.columns.filter { $0.kind.isNumber && $0.total == .sum }.map(\.unit))
    let unit = units.count == 1 ? units.first.flatMap { $0 }.map { "Unit: \(xmlText($0))." } : nil
    let citations = citations == nil ? nil : "A number leads to the observations behind it."
    return [unit, citations].compactMap { $0 }.joined(separator: " ")
  }

  private func notesSection(_ notes: [CitedNote]) -> String {
    if notes.isEmpty { return "" }
    var html = "<section aria-labelledby=\"notes\">\n<h2 id=\"notes\">Notes</h2>\n"
    let numbered = notes.compactMap { cited in
      cited.number.map { "<li id=\"note-\($0)\">\(xmlText(cited.note.text))</li>\n" }
    }
    let others = notes.filter { $0.number == nil }.map { "<li>\(xmlText($0.note.text))</li>\n" }
    if !numbered.isEmpty { html += "<ol>\n\(numbered.joined())</ol>\n" }
    if !others.isEmpty { html += "<ul>\n\(others.joined())</ul>\n" }
    return html + "</section>\n"
  }
}

extension Column {
  fileprivate var htmlClass: String { kind.isNumber ? " class=\"number\"" : "" }
}
