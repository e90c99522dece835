import Base
import ExternalPlugins
import Glibc
import Model
import Query
import ReportKit
import TestDatasets
import TestSupport
import Testing
import YAML

/// The plugins in Plugins/Examples, by hand and through the host.
@Suite(.blocking, .timeLimit(.minutes(10))) struct ExampleTests {
  private static let folder = "\(repositoryRoot)/Plugins/Examples"

  /// The manifest as it is shipped, with another command if the program lies elsewhere.
  private func manifest(_ name: String, command: String? = nil) throws -> ExternalManifest {
    let path = "\(Self.folder)/plugins.d/\(name).yaml"
    let text = try readFile(path)
    let yaml = command.map { text.replacing("../\(name)", with: $0) } ?? text
    let node = try loadYAML(file: path, contents: Array(yaml.utf8))
    let problems = ProblemCollector()
    let manifest = ExternalManifest(from: node, problems: problems)
    try problems.throwIfAny()
    return try #require(manifest)
  }

  /// What a shell command prints, run in the folder of the examples.
  private func shell(_ command: String) throws -> String {
    let stream = try #require(popen("cd '\(Self.folder)' && PATH=/usr/bin:/bin \(command)", "r"))
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&chunk, 1, chunk.count, stream), count > 0 { output += chunk[..<count] }
    #expect(pclose(stream) == 0)
    return String(decoding: output, as: UTF8.self)
  }

  @Test func theReportInPythonByHand() throws {
    #expect(
      try shell("./released_share.py < released_share.ndjson") == """
        {"country": "austria", "persons": 200, "chosen": 99, "@rows": [0, 1], "per_mille": 495}
        {"country": "norway", "persons": null, "chosen": null, "@rows": [2], "per_mille": null}
        {"country": "spain", "persons": 3, "chosen": 2, "@rows": [3, 4], "per_mille": 667}

        """)
  }

  @Test func theReportInPythonThroughTheHost() async throws {
    let engine = try await Datasets.memorandum
    let model = engine.model
    let manifest = try manifest("released-share")
    #expect(try await manifest.checkDescription(on: .test()).map(\.description) == [])
    let plugin = try #require(ExternalReportPlugin(manifest, on: .test()))
    let arguments = try plugin.manifest.check([], in: model).get()
    let request = ReportRequest(engine: engine, selection: .all, arguments: arguments)
    let result = try await readAll(try plugin.table(for: request, survey: NoSurvey()))

    // The same from the dataset itself.
    let place = model.placeIndex
    let released = try model.breakdown.code("released")
    let grid = try await engine.aggregate(by: [place, model.breakdownIndex])
    let totals = try await engine.aggregate(by: [place])
    let countries = model.place.codes.ids.indices.filter { totals[$0].observations > 0 }
    #expect(result.rows.map { $0[0] } == countries.map { .text(model.place.codes.ids[$0]) })
    for (row, country) in zip(result.rows, countries) {
      let expected = Cell(totals[country], in: model)
      #expect(row[1].value == expected.value)
      #expect(Set(row[1].notes) == Set(expected.notes), "every caveat of the country's numbers")
      #expect(row[2].value.number.map { Int128($0) } == grid[country, released].sum)
      #expect(row.provenance.count == model.breakdown.codes.ids.indices.count { grid[country, $0].observations > 0 })
    }
  }

  @Test func theTransformInTheShellByHand() throws {
    #expect(
      try shell("./at-least.sh < at-least.ndjson") == """
        {"country":"poland","persons":333,"@rows":[1],"@notes":{"persons":[{"kind":"caveat","text":"As of July."}]}}
        {"country":"romania","persons":100,"@rows":[3]}

        """)
  }

  @Test func theTransformInTheShellThroughTheHost() async throws {
    let plugin = ExternalTransformPlugin(try manifest("at-least"), on: .test())
    let model = try await Datasets.memorandum.model
    let arguments = try plugin.manifest.check([("persons", "3")], in: model).get()
    let result = try await readAll(try plugin.transform(table([rows(5)]), arguments: arguments, limits: StepLimits()))
    #expect(result.rows == Array(rows(5)[3...]))
  }

  /// For each, names that are near are looked for.
  @Test func ofTensOfThousandsOfUnknownParametersAHundredAreTold() async throws {
    let model = try await Datasets.memorandum.model
    let inputs = (0..<60_000).map { ("x\($0)", "1") }
    guard
      case .failure(let errors) = try ExternalTransformPlugin(manifest("at-least"), on: .test()).manifest.check(
        inputs, in: model)
    else {
      Issue.record("taken")
      return
    }
    #expect(errors.errors.count == 100)
  }

  @Test func theExporterInPythonByHand() throws {
    let database = "/tmp/muster-test-\(getpid()).db"
    defer { unlink(database) }
    let printed = try shell(
      "./sqlite_exporter.py < sqlite_exporter.ndjson > \(database)"
        + " && python3 -c 'import sqlite3; print(*sqlite3.connect(\"\(database)\").iterdump(), sep=\"\\n\")'")
    #expect(
      printed == """
        BEGIN TRANSACTION;
        CREATE TABLE columns (name TEXT PRIMARY KEY, title TEXT, kind TEXT, unit TEXT, description TEXT);
        INSERT INTO "columns" VALUES('country','Country','text',NULL,NULL);
        INSERT INTO "columns" VALUES('persons','Persons','integer','persons',NULL);
        CREATE TABLE notes (row INTEGER, column TEXT, kind TEXT, text TEXT);
        INSERT INTO "notes" VALUES(2,'persons','missing','–: none printed');
        INSERT INTO "notes" VALUES(3,'persons','caveat','As of July.');
        INSERT INTO "notes" VALUES(NULL,NULL,'scope','Without of_which.');
        CREATE TABLE report (name TEXT PRIMARY KEY, title TEXT, revision TEXT);
        INSERT INTO "report" VALUES('by-country','By country','sha256:0');
        CREATE TABLE rows ("country" TEXT, "persons" INTEGER);
        INSERT INTO "rows" VALUES('austria',99);
        INSERT INTO "rows" VALUES('norway',NULL);
        INSERT INTO "rows" VALUES('poland',333);
        CREATE TABLE totals ("@kind" TEXT, "@title" TEXT, "country" TEXT, "persons" INTEGER);
        INSERT INTO "totals" VALUES('computed','Total','Total',432);
        COMMIT;

        """)
  }

  @Test func theExporterInPythonThroughTheHostIsTheSameByteForByte() async throws {
    let plugin = ExternalExporterPlugin(try manifest("sqlite"), on: .test())
    #expect(!plugin.isText)
    let byHand = try shell("./sqlite_exporter.py < sqlite_exporter.ndjson | od -An -v -tx1 | tr -d ' \\n'")
    let header = ExportHeader(
      report: "by-country", title: "By country", revision: "sha256:0",
      columns: [
        Column(name: "country", title: "Country", kind: .text),
        Column(name: "persons", title: "Persons", kind: .integer, unit: "persons"),
      ])
    var encoder = try plugin.encoder(for: header, arguments: .none)
    var bytes: [UInt8] = []
    encoder.begin(into: &bytes)
    try await encoder.encode(
      Batch([Row([.text("austria"), .integer(99)])], columns: header.columns), into: &bytes)
    try await encoder.encode(
      Batch(
        [
          Row([.text("norway"), Cell(.missing(Missing(symbol: "–", label: "none printed")))]),
          Row([.text("poland"), Cell(.integer(333), notes: [Note(.caveat, "As of July.")])]),
        ], columns: header.columns), into: &bytes)
    let sum = Row([.text("Total"), Cell(.integer(432), notes: [Note(.caveat, "As of July.")])])
    try await encoder.finish(
      notes: [Note(.scope, "Without of_which.")], totals: [TotalRow(.computed, title: "Total", row: sum)], into: &bytes)
    let digits = Array("0123456789abcdef".utf8)
    let hex = String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    #expect(hex == byHand)
    #expect(bytes.starts(with: "SQLite format 3".utf8))
  }

  @Test func theReportInSwiftByHand() throws {
    #expect(
      try shell("'\(buildFolder)/largest-observations' < largest-observations.ndjson") == #"""
        {"columns":[{"name":"country","title":"Country","kind":"text"},{"name":"disposition","title":"Disposition","kind":"text"},{"name":"persons","title":"Persons","kind":"integer","unit":"persons"}]}
        {"country":"poland","disposition":"released","persons":333,"@rows":[1],"@notes":{"persons":[{"kind":"caveat","text":"As of July."}]}}
        {"country":"romania","disposition":"released","persons":333,"@rows":[3]}

        """#)
  }

  @Test func theReportInSwiftThroughTheHost() async throws {
    let engine = try await Datasets.memorandum
    let program = "\(buildFolder)/largest-observations"
    let plugin = try #require(
      ExternalReportPlugin(try manifest("largest-observations", command: program), on: .test()))
    let arguments = try plugin.manifest.check([("count", "5")], in: engine.model).get()
    let request = ReportRequest(engine: engine, selection: .all, arguments: arguments)
    let result = try await readAll(try plugin.table(for: request, survey: NoSurvey()))
    let numbers = try await engine.list(ObservationQuery(texts: [])).compactMap(\.value.number)
    #expect(result.rows.map { $0[2].value.number } == Array(numbers.sorted(by: >).prefix(5)))
    #expect(result.rows.allSatisfy { $0.provenance.count == 1 })
  }

  @Test func theSwiftFrameSaysWhatIsWrongWithItsInput() throws {
    let program = "'\(buildFolder)/largest-observations'"
    #expect(
      try shell("\(program) < /dev/null 2>&1 | grep -o 'standard input is empty: it wants a request' | head -n 1")
        == "standard input is empty: it wants a request\n")
  }
}

extension Cell.Value {
  fileprivate var number: Int64? { if case .integer(let number) = self { number } else { nil } }
}
