import ExporterPlugins
import Model
import ReportKit
import TestDatasets
import Testing

/// A table by hand.
struct TestTable {
  var title = "Persons"
  var columns: [Column]
  var rows: [Row]
  var notes: [Note] = []
  /// One row with the sums of the columns that may be added up, if there are any.
  var totals: [TotalRow] {
    if let givenTotals { return givenTotals }
    guard rows.count > 1, columns.contains(where: { $0.total == .sum }) else { return [] }
    var total = Row(columns.map { _ in Cell.empty })
    if let heading = columns.firstIndex(where: { $0.kind == .text }) { total[heading] = .text("Total") }
    for (index, column) in columns.enumerated() where column.total == .sum {
      var notes: [Note] = []
      for note in rows.flatMap({ $0[index].notes }) where !notes.contains(note) { notes.append(note) }
      let numbers = rows.compactMap { row in if case .integer(let number) = row[index].value { number } else { nil } }
      var reasons: [Missing] = []
      for row in rows {
        if case .missing(let reason?) = row[index].value, !reasons.contains(reason) { reasons.append(reason) }
      }
      let missing = reasons.reduce(nil as Missing?) { all, reason in
        all.map { Missing(symbol: "\($0.symbol) \(reason.symbol)", label: "\($0.label), \(reason.label)") } ?? reason
      }
      total[index] = Cell(
        numbers.isEmpty ? .missing(missing) : sum(numbers).map { .integer($0) } ?? .missing(nil), notes: notes)
    }
    return [TotalRow(.computed, title: "Total", row: total)]
  }
  var citations: CitationProvider?
  /// In the place of the sums.
  var givenTotals: [TotalRow]?

  /// Three kinds of missing, a zero, caveats on one cell and on two, and a total that repeats the others.
  static let small = TestTable(
    title: "Persons by country",
    columns: [
      Column(name: "country", title: "Country", kind: .text),
      Column(name: "released", title: "Released", kind: .integer, unit: "persons", total: .sum, selection: .only(0)),
      Column(
        name: "handed_over", title: "Handed over", kind: .integer, unit: "persons", total: .sum, selection: .only(1)),
      Column(name: "total", title: "Total", kind: .integer, unit: "persons", total: .sum, selection: .only(0, 1)),
    ],
    rows: [
      Row([.text("Poland"), .integer(190), .integer(143), .integer(333)], provenance: [.all]),
      Row(
        [.text("Finland"), Cell(.integer(24), notes: [finns]), .dash, Cell(.integer(24), notes: [finns])],
        provenance: [.all]),
      Row([.text("Japan"), .notGiven, .empty, .notGiven], provenance: [.all]),
      Row([.text("Nowhere"), .integer(0), Cell(.integer(2), notes: [finns, other]), .integer(2)], provenance: [.all]),
    ],
    notes: [Note(.scope, "1 number is not added")])

  static let finns = Note(.caveat, "Five more Finns remain.")
  static let other = Note(.caveat, "Another caveat.")

  /// One column of texts.
  static func texts(_ texts: [String]) -> TestTable {
    TestTable(columns: [Column(name: "text", title: "Text", kind: .text)], rows: texts.map { Row([.text($0)]) })
  }

  /// Rows `r1`, `r2` … with the numbers of columns `a`, `b` …
  static func numbers(_ rows: [[Cell]], selections: [Selection?]? = nil) -> TestTable {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"].prefix(rows.first?.count ?? 0)
    return TestTable(
      columns: [Column(name: "name", title: "Name", kind: .text)]
        + names.enumerated().map { index, name in
          Column(
            name: name, title: name.uppercased(), kind: .integer, total: .sum,
            selection: selections?[index] ?? .only(index))
        },
      rows: rows.enumerated().map { Row([.text("r\($0.offset + 1)")] + $0.element) })
  }
}

/// Nil when it does not fit.
private func sum(_ numbers: [Int64]) -> Int64? {
  Int64(exactly: numbers.reduce(Int128(0)) { $0 + Int128($1) })
}

extension Selection {
  /// Those codes of the first dimension.
  static func only(_ codes: Int...) -> Selection { Selection.all.restricting(0, to: CodeSet(codes)) }
}

extension Cell {
  static let dash = Cell(.missing(Missing(symbol: "–", label: "none printed")))
  static let notGiven = Cell(.missing(Missing(symbol: "…", label: "not given")))
}

/// The bytes of a table, written one row at a time, as its rows may come.
func export(
  _ table: TestTable, with exporter: any ExporterPlugin, _ parameters: KeyValuePairs<String, String> = [:]
) async throws -> [UInt8] {
  let arguments = try await exporter.manifest.check(
    parameters.map { (name: $0.key, text: $0.value) }, in: Datasets.memorandum.model, columns: table.columns
  ).get()
  let header = ExportHeader(
    report: "persons-by-country", title: table.title, revision: "sha256:00ff", columns: table.columns,
    dataset: "Test persons", sources: ["Attachment 1", "Attachment 4"], citations: table.citations)
  var encoder = try exporter.encoder(for: header, arguments: arguments)
  var bytes: [UInt8] = []
  encoder.begin(into: &bytes)
  for row in table.rows { try await encoder.encode(Batch([row], columns: table.columns), into: &bytes) }
  try await encoder.finish(notes: table.notes, totals: table.totals, into: &bytes)
  return bytes
}

func exportText(
  _ table: TestTable, with exporter: any ExporterPlugin, _ parameters: KeyValuePairs<String, String> = [:]
) async throws -> String {
  let bytes = try await export(table, with: exporter, parameters)
  return try #require(String(validating: bytes, as: UTF8.self), "not UTF-8")
}
