import Glibc
import ReportKit
import ReportPlugins
import TestDatasets
import Testing

@testable import ExporterPlugins

/// Writes files for `Tests/exporters.sh`, which lets other programs read them.
@Suite("Sample files", .enabled(if: getenv("MUSTER_EXPORT_SAMPLES") != nil, "for Tests/exporters.sh"))
struct SampleFiles {
  private let exporters: [any ExporterPlugin] =
    [
      CSVExporter(), JSONExporter(), NDJSONExporter(), TableExporter(), MarkdownExporter(), HTMLExporter(),
      SVGExporter(), DataPackageExporter(), XLSXExporter(),
    ]

  @Test("The reports of the shipped dataset", arguments: [CountrySummary() as any ReportPlugin, BlocAggregate()])
  func reports(report: any ReportPlugin) async throws {
    let engine = try await Datasets.memorandum
    let request = ReportRequest(
      engine: engine, selection: .all, arguments: try report.manifest.check([], in: engine.model).get())
    var table = try await report.surveyed(request).table()
    var rows: [Row] = []
    while let batch = try await table.batches.next() { rows += batch.rows }
    let sample = TestTable(
      title: report.manifest.name == "country-summary" ? "Persons by country and disposition" : "Persons by bloc",
      columns: table.columns, rows: rows, notes: table.notes + table.batches.closingNotes,
      citations: { row, column, limit in try await citations(row, column, limit, in: engine) })
    try await write(sample, to: report.manifest.name)
  }

  @Test("A table of all that is hard")
  func hard() async throws {
    var table = TestTable.small
    table.title = "Hard: <b>&amp; | *all* \"quoted\" 日本"
    table.rows += [
      Row([.text("=1+1"), .integer(-40), .integer(7), .integer(-33)]),
      Row([.text("@SUM(A1:A9)"), .integer(1), .integer(1), .integer(2)]),
      Row([.text("-"), .integer(5), .empty, .integer(5)]),
      Row([.text("a|b <i>x</i> *y* _z_ [l](u) \\ `c` & $m$"), .integer(60), .notGiven, .integer(60)]),
      Row([.text("two\nlines, and \"quotes\""), .integer(3), .integer(30), .integer(33)]),
      Row([.text("日本のとても長い名前の国、それはここにあります"), .integer(25), .integer(10), .integer(35)]),
      Row([.text("العربية ١٢٣"), .integer(12), .integer(0), .integer(12)]),
      Row([
        .text("The United Socialist Federation of Very Long Names and Further Words"),
        Cell(.integer(200), notes: [TestTable.other]), .integer(100), .integer(300),
      ]),
    ]
    table.notes.append(Note(.caveat, "- a note that begins like a list | <script>alert(1)</script>"))
    try await write(table, to: "hard")
  }

  @Test("Numbers at the edges of 64 bits, six series")
  func wide() async throws {
    let huge: [Cell] = [Int64.max, 999_999_999_999_999, 1_000_000_000_000_000, -1, 0, 9_007_199_254_740_993]
      .map { Cell(.integer($0)) }
    try await write(.numbers([huge, Array(huge.reversed())]), to: "wide")
  }

  @Test("Numbers over time, which are lines")
  func time() async throws {
    try await write(.years(), to: "years")
    try await write(.yearsAcross(1980...1988), to: "years-across")
    try await write(.months, to: "months")
  }

  private func write(_ table: TestTable, to name: String) async throws {
    let folder = String(cString: try #require(getenv("MUSTER_EXPORT_SAMPLES")))
    for exporter in exporters {
      // The sum of the greatest numbers is beyond 64 bits, which is an error where there are totals.
      if name == "wide", ["table", "markdown", "html", "xlsx"].contains(exporter.manifest.name) { continue }
      try await write(export(table, with: exporter), "\(folder)/\(name).\(exporter.fileExtensions[0])")
    }
    if name == "wide" {
      var table = table
      for index in table.columns.indices { table.columns[index].total = .none }
      try await write(export(table, with: XLSXExporter()), "\(folder)/\(name).xlsx")
    }
  }

  private func write(_ bytes: [UInt8], _ path: String) async throws {
    let file = try #require(fopen(path, "w"), "\(path) cannot be written")
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    #expect(fclose(file) == 0)
  }
}

/// What the dataset has behind a cell.
private func citations(_ row: Row, _ column: Column, _ limit: Int, in engine: any QueryEngine) async throws -> Citations
{
  guard let selection = column.selection, !row.provenance.isEmpty else { return Citations(first: [], count: 0) }
  let model = engine.model
  let found = try await engine.list(ObservationQuery(where: row.provenance.map { $0.intersection(selection) }))
  let (index, source) = (try #require(model.sourceIndex), try #require(model.source))
  let citations = found.prefix(limit).map { observation in
    Citation(
      printed: observation.printed, source: source.codes.names[observation.codes[index]],
      locus: observation.locus, quote: observation.quote, role: observation.role,
      caveats: observation.caveats.map { model.caveats[$0].text })
  }
  return Citations(first: citations, count: found.count)
}
