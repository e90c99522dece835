import ExporterPlugins
import JSON
import ReportKit
import TestDatasets
import Testing

@Suite("Typed columns")
struct TypedColumnTests {
  private static let columns = [
    Column(name: "place", title: "Place", kind: .text),
    Column(name: "note \"x\"", title: "Note", kind: .text),
    Column(name: "count", title: "Count", kind: .integer, unit: "persons"),
    Column(name: "share", title: "Share", kind: .decimal),
  ]
  private static let dash = Missing(symbol: "–", label: "none printed")
  private static let codes = TextList(["poland", "a,\"b\"", "", "=1+1", "Ёж\n", "not used"])
  private static let otherCodes = TextList(["other", "poland"])
  private static let integers: [Int64] = [0, -1, 10, .min, .max, 1955, -42]
  private static let decimals = [
    ExactDecimal(units: 1250, scale: 2), ExactDecimal(units: -5, scale: 1), ExactDecimal(units: 7, scale: 0),
    ExactDecimal(units: 1, scale: 18), ExactDecimal(units: Int128(Int64.min), scale: 18),
    ExactDecimal(units: 0, scale: 3),
  ]

  /// Rows of all kinds of values, of which no two columns repeat alike.
  private static func batch(of count: Int, codes: TextList) -> Batch {
    let rows = 0..<count
    func gaps(every step: Int) -> Gaps {
      Gaps(codes: rows.map { $0 % step == 1 ? UInt8($0 / step % 2 + 1) : 0 }, reasons: [dash, nil])
    }
    return Batch(
      [
        .codes(rows.map { UInt32($0 % min(5, codes.texts.count)) }, of: codes, gaps(every: 7)),
        .texts(rows.map { ["x", "a;b", "'=1", ""][$0 % 4] }, .none),
        .integers(rows.map { integers[$0 % integers.count] }, gaps(every: 3)),
        .decimals(rows.map { decimals[$0 % decimals.count] }, gaps(every: 4)),
      ], count: count)
  }

  private func bytes(
    of batches: [Batch], with exporter: any ExporterPlugin, _ parameters: [(name: String, text: String)] = []
  ) async throws -> [UInt8] {
    let arguments = try await exporter.manifest.check(parameters, in: Datasets.memorandum.model).get()
    let header = ExportHeader(report: "r", title: "t", revision: "x", columns: Self.columns)
    var encoder = try exporter.encoder(for: header, arguments: arguments)
    var bytes: [UInt8] = []
    encoder.begin(into: &bytes)
    for batch in batches { try await encoder.encode(batch, into: &bytes) }
    try await encoder.finish(notes: [], totals: [], into: &bytes)
    return bytes
  }

  @Test(
    "What a table says does not depend on how its columns are held, nor on where a batch ends",
    arguments: [CSVExporter(), NDJSONExporter(), JSONExporter(), DataPackageExporter()] as [any ExporterPlugin])
  func representation(exporter: any ExporterPlugin) async throws {
    // Of one list of codes, of another, and of the first one again; more rows than are put together at a time.
    let batches = [(5, Self.codes), (9000, Self.codes), (3, Self.otherCodes), (4097, Self.codes)]
      .map { Self.batch(of: $0, codes: $1) }
    let rows = batches.flatMap { Array($0.rows) }
    let mixed = Batch(
      Self.columns.indices.map { column in .mixed(rows.map { $0[column].value }) }, count: rows.count)
    let expected = try await bytes(of: rows.map { Batch([$0], columns: Self.columns) }, with: exporter)
    #expect(try await bytes(of: batches, with: exporter) == expected)
    #expect(try await bytes(of: [mixed], with: exporter) == expected)
  }

  @Test("Codes, gaps and decimals as csv and as ndjson")
  func values() async throws {
    let batch = Self.batch(of: 6, codes: Self.codes)
    #expect(
      try await String(decoding: bytes(of: [batch], with: CSVExporter()), as: UTF8.self) == """
        place,"note ""x""\",count,share
        poland,x,0,12.50
        ,a;b,,
        "",''=1,10,7
        '=1+1,"",-9223372036854775808,0.000000000000000001
        "Ёж
        ",x,,-9.223372036854775808
        poland,a;b,1955,

        """)
    #expect(
      try await String(decoding: bytes(of: [batch], with: NDJSONExporter()), as: UTF8.self) == #"""
        {"place":"poland","note \"x\"":"x","count":0,"share":12.50}
        {"place":null,"note \"x\"":"a;b","count":null,"share":null}
        {"place":"","note \"x\"":"'=1","count":10,"share":7}
        {"place":"=1+1","note \"x\"":"","count":-9223372036854775808,"share":0.000000000000000001}
        {"place":"Ёж\n","note \"x\"":"x","count":null,"share":-9.223372036854775808}
        {"place":"poland","note \"x\"":"a;b","count":1955,"share":null}

        """#)
  }

  @Test("A decimal is a number in rows and in totals, whatever the format", arguments: ["json", "ndjson", "zip"])
  func decimalTotals(format: String) async throws {
    let row = Row([.text("a"), .empty, .integer(1), Cell(.decimal(ExactDecimal(units: 1250, scale: 2)))])
    let exporter: any ExporterPlugin =
      switch format {
      case "json": JSONExporter()
      case "ndjson": NDJSONExporter()
      default: DataPackageExporter()
      }
    let arguments = try await exporter.manifest.check(
      format == "ndjson" ? [("metadata", "true")] : [], in: Datasets.memorandum.model
    ).get()
    var encoder = try exporter.encoder(
      for: ExportHeader(report: "r", title: "t", revision: "x", columns: Self.columns), arguments: arguments)
    var bytes: [UInt8] = []
    encoder.begin(into: &bytes)
    try await encoder.encode(Batch([row], columns: Self.columns), into: &bytes)
    try await encoder.finish(notes: [], totals: [TotalRow(.computed, title: "Total", row: row)], into: &bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(
      text.contains(
        #""totals":[{"kind":"computed","title":"Total","cells":{"place":"a","note \"x\"":null,"count":1,"share":12.50}}]"#
      ))
    #expect(!text.contains("\"12.50\""))
  }

  @Test("A note stands at the end of its row")
  func notes() async throws {
    var batch = Self.batch(of: 3, codes: Self.codes)
    batch.annotations[2, 2] = SparseAnnotations.Annotation(notes: [Note(.caveat, "The page is torn.")])
    let text = try await String(decoding: bytes(of: [batch], with: CSVExporter(), [("notes", "true")]), as: UTF8.self)
    #expect(
      text.hasSuffix(
        "0,12.50,\n,a;b,,,\"place, count, share: – (none printed)\"\n\"\",''=1,10,7,count: The page is torn.\n"))
  }
}
