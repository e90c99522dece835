import ExporterPlugins
import ReportKit
import Testing

@testable import ExporterPlugins

@Suite("csv")
struct CSVExporterTests {
  private let csv = CSVExporter()

  @Test("A header, then the rows; missing is empty and 0 is 0")
  func plain() async throws {
    #expect(
      try await exportText(.small, with: csv) == """
        country,released,handed_over,total
        Poland,190,143,333
        Finland,24,,24
        Japan,,,
        Nowhere,0,2,2

        """)
  }

  @Test(
    "A text is quoted when it must be (RFC 4180)",
    arguments: [
      ("plain", "plain"), ("", "\"\""), ("a,b", "\"a,b\""), ("a;b", "a;b"), ("say \"so\"", "\"say \"\"so\"\"\""),
      ("two\nlines", "\"two\nlines\""), ("two\r\nlines", "\"two\r\nlines\""), (" blank ", " blank "),
      ("\"", "\"\"\"\""), ("Ёж 日本 é", "Ёж 日本 é"), ("–", "–"),
    ])
  func quoting(text: String, field: String) async throws {
    #expect(try await exportText(.texts([text]), with: csv) == "text\n\(field)\n")
  }

  @Test("An empty line would be skipped, so a lone missing value is quoted")
  func loneMissingValue() async throws {
    var table = TestTable.texts([])
    table.rows = [Row([.empty])]
    #expect(try await exportText(table, with: csv) == "text\n\"\"\n")
  }

  @Test("A table without rows is its header")
  func noRows() async throws {
    #expect(try await exportText(.texts([]), with: csv) == "text\n")
  }

  @Test("The least and the greatest number are exact")
  func extremes() async throws {
    let table = TestTable.numbers([[Cell(.integer(.min)), Cell(.integer(.max))]])
    #expect(try await exportText(table, with: csv) == "name,a,b\nr1,-9223372036854775808,9223372036854775807\n")
  }

  @Test(
    "Another delimiter is quoted instead of the comma",
    arguments: [("semicolon", ";"), ("tab", "\t"), ("pipe", "|")])
  func delimiters(name: String, delimiter: String) async throws {
    var table = TestTable.texts([])
    table.columns.append(Column(name: "n", title: "N", kind: .integer))
    table.rows = [Row([.text("a,b"), .integer(1)]), Row([.text("a\(delimiter)b"), .integer(-2)])]
    #expect(
      try await exportText(table, with: csv, ["delimiter": name])
        == "text\(delimiter)n\na,b\(delimiter)1\n\"a\(delimiter)b\"\(delimiter)-2\n")
  }

  @Test("The byte order mark comes first, and only on request")
  func byteOrderMark() async throws {
    #expect(try await export(.texts([]), with: csv, ["bom": "true"]) == [0xEF, 0xBB, 0xBF] + Array("text\n".utf8))
  }

  @Test(
    "Text cannot become a formula",
    arguments: [
      ("=1+1", "'=1+1"), ("+49 30 1234", "'+49 30 1234"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"),
      ("\tx", "'\tx"), ("\rx", "\"'\rx\""), ("\n=1", "\"'\n=1\""), (" =1+1", "' =1+1"), ("＝1", "'＝1"),
      ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""), ("-5", "'-5"),
      // A formula behind an apostrophe gets another, so that one can be taken away.
      ("'=1", "''=1"), ("''=1", "'''=1"),
      // Nothing to compute.
      ("-", "-"), ("--", "--"), ("–", "–"), ("– 5", "– 5"), ("=", "="), ("- -", "- -"), ("'tis", "'tis"),
      ("a=1", "a=1"),
      ("", "\"\""),
    ])
  func formulas(text: String, field: String) async throws {
    #expect(try await exportText(.texts([text]), with: csv) == "text\n\(field)\n")
  }

  @Test("formulas=keep leaves text alone, and numbers are never text")
  func keptFormulas() async throws {
    #expect(try await exportText(.texts(["=1+1"]), with: csv, ["formulas": "keep"]) == "text\n=1+1\n")
    #expect(try await exportText(.numbers([[.integer(-5)]]), with: csv) == "name,a\nr1,-5\n")
  }

  @Test("Taking one apostrophe from each formula gives back the text")
  func escapingIsReversible() {
    let texts = ["=1", "'=1", "''=1", "-", "'", "''", "'a", "", "-1", "' =1", " '=1"]
    let escaped = texts.map(escapingFormula)
    #expect(Set(escaped).count == texts.count)
    let restored = escaped.map { isFormulaLike(String($0.drop { $0 == "'" })) ? String($0.dropFirst()) : $0 }
    #expect(restored == texts)
  }

  @Test("notes=true ends each row with its caveats and the reasons for missing values")
  func notes() async throws {
    #expect(
      try await exportText(.small, with: csv, ["notes": "true"]) == """
        country,released,handed_over,total,notes
        Poland,190,143,333,
        Finland,24,,24,"released, total: Five more Finns remain. | handed_over: – (none printed)"
        Japan,,,,"released, total: … (not given)"
        Nowhere,0,2,2,handed_over: Five more Finns remain. | handed_over: Another caveat.

        """)
  }

  @Test("A column of notes is not added to a report that has one")
  func notesTwice() async throws {
    var table = TestTable.texts([])
    table.columns[0].name = "notes"
    await #expect(
      throws: ParameterError(
        parameter: "notes", message: "csv cannot add a column \"notes\" to persons-by-country, which has one")
    ) { try await exportText(table, with: csv, ["notes": "true"]) }
  }

  @Test("A wrong delimiter is refused with the right ones")
  func wrongDelimiter() async throws {
    let error = try await #require(throws: ParameterErrors.self) {
      try await exportText(.small, with: csv, ["delimiter": "semicolo"])
    }
    #expect(
      error.errors.map(\.message) == [
        "unknown choice \"semicolo\" for delimiter of csv; did you mean \"semicolon\"?"
      ])
  }
}
