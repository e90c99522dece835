import ExternalPlugins
import ReportKit
import TestSupport
import Testing

/// What an exporter reads and may write.
@Suite(.blocking, .timeLimit(.minutes(10))) struct ExporterTests {
  private let header = ExportHeader(
    report: "by-country", title: "By country", revision: "sha256:0",
    columns: [
      Column(name: "country", title: "Country", kind: .text),
      Column(name: "persons", title: "Persons", kind: .integer, unit: "persons"),
    ])

  private func manifest(_ script: String, _ keys: String, in workshop: Workshop) throws -> ExternalManifest {
    try workshop.manifest(
      script,
      """
      name: test-plugin
      kind: exporter
      summary: Under test
      command: [./plugin]
      media_type: text/plain
      file_extensions: [txt]
      limits: { time: 60s }
      \(keys)
      """)
  }

  private func export(_ script: String, _ keys: String = "", totals: [TotalRow] = []) async throws -> [UInt8] {
    let workshop = try Workshop()
    let plugin = ExternalExporterPlugin(try manifest(script, keys, in: workshop), on: .test())
    var encoder = try plugin.encoder(for: header, arguments: .none)
    var bytes: [UInt8] = []
    encoder.begin(into: &bytes)
    try await encoder.encode(Batch(rows(2), columns: header.columns), into: &bytes)
    try await encoder.encode(
      Batch([Row([.text("ö"), .integer(3)])], columns: header.columns), into: &bytes)
    try await encoder.finish(notes: [Note(.scope, "All of \"it\".")], totals: totals, into: &bytes)
    return bytes
  }

  private let totals = [
    TotalRow(
      .computed, title: "Total", row: Row([.text("Total"), Cell(.integer(4), notes: [Note(.caveat, "As of July.")])])),
    TotalRow(
      .stated, title: "Stated",
      row: Row([.text("Stated"), Cell(.missing(Missing(symbol: "–", label: "none printed")))])),
  ]

  @Test func readsTheReportAndItsRows() async throws {
    #expect(
      String(decoding: try await export("cat", totals: totals), as: UTF8.self) == #"""
        {"plugin":"test-plugin","parameters":{},"columns":[{"name":"country","title":"Country","kind":"text"},{"name":"persons","title":"Persons","kind":"integer","unit":"persons"}],"report":"by-country","title":"By country","revision":"sha256:0"}
        {"country":"country-0","persons":0}
        {"country":"country-1","persons":1}
        {"country":"ö","persons":3}

        """#)
  }

  @Test func thatWantsNotesReadsThemAndTheTotalsInALastLine() async throws {
    #expect(
      String(decoding: try await export("tail -n 1", "notes: true", totals: totals), as: UTF8.self) == #"""
        {"@totals":[{"kind":"computed","title":"Total","cells":{"country":"Total","persons":4,"@notes":{"persons":[{"kind":"caveat","text":"As of July."}]}}},{"kind":"stated","title":"Stated","cells":{"country":"Stated","persons":null,"@missing":{"persons":{"symbol":"–","label":"none printed","kind":"no_number"}}}}],"@notes":[{"kind":"scope","text":"All of \"it\"."}]}

        """#)
    #expect(
      String(decoding: try await export("tail -n 1", "notes: true"), as: UTF8.self)
        == #"{"@totals":[],"@notes":[{"kind":"scope","text":"All of \"it\"."}]}"# + "\n")
  }

  @Test func mayWriteAnyBytesWhenItsContentIsBinary() async throws {
    let bytes = try await export(#"cat > /dev/null; printf 'a\000\377\303'"#, "content: binary")
    #expect(bytes == [0x61, 0x00, 0xFF, 0xC3])
    let workshop = try Workshop()
    #expect(!ExternalExporterPlugin(try manifest("", "content: binary", in: workshop), on: .test()).isText)
    #expect(ExternalExporterPlugin(try manifest("", "content: text", in: workshop), on: .test()).isText)
    #expect(ExternalExporterPlugin(try manifest("", "", in: workshop), on: .test()).isText)
  }

  @Test(
    arguments: [
      (#"printf 'ab\377c'"#, 2), (#"printf 'a\303'"#, 1), (#"printf 'aö\303'; sleep 0.1; printf 'x'"#, 3),
      (#"printf '\360\237\230\200\355\240\200'"#, 4),
    ])
  func writesNothingButUTF8Otherwise(script: String, offset: Int) async throws {
    let error = await #expect(throws: PluginFailure.self) {
      _ = try await export("cat > /dev/null; echo why >&2; \(script)")
    }
    #expect(
      error?.description == """
        the plugin "test-plugin" wrote bytes that are no UTF-8, from byte \(offset) on; "content: binary" in its \
        manifest would let it; its standard error:
        why
        """)
  }

  @Test func mayWriteACharacterInPieces() async throws {
    let bytes = try await export(
      #"cat > /dev/null; printf 'a\360\237'; sleep 0.2; printf '\230'; sleep 0.2; printf '\200b'"#)
    #expect(String(decoding: bytes, as: UTF8.self) == "a😀b")
  }
}
