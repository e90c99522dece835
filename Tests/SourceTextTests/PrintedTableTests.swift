import Testing

private let text = SourceText.shared

@Suite("Headings, labels and notes of the tables are those of the source")
struct PrintedTableTests {
  private static func headings(_ resource: String, of table: String, _ field: String) -> [(code: String, label: String)]
  {
    Package.rows(resource).filter { $0[column: "table"] == table }.map { ($0[column: field], $0[column: "label"]) }
  }

  @Test(arguments: Package.rows("printed_tables"))
  func captionAndNoteArePrinted(table: Package.Row) throws {
    let section = try #require(text.section(table[column: "source"]))
    #expect(section.text.contains(table[column: "caption"].whiteSpaceAside))
    let notes = section.lines.filter { $0.hasPrefix("Note: ") }
    #expect(table[column: "note"] == notes.joined(separator: " "))
  }

  @Test(arguments: ["attachment_1", "attachment_4"])
  func rowsAndColumnsStandInThePrintedOrder(id: String) throws {
    let printed = try #require(text.table(id))
    let table = try #require(Package.rows("printed_tables").first { $0.id == id })
    let rows = Self.headings("printed_table_rows", of: id, "country")
    #expect(rows.map(\.label) + [table[column: "total_label"]] == printed.names)
    let columns = Self.headings("printed_table_columns", of: id, "disposition")
    #expect([table[column: "corner"]] + columns.map(\.label) == printed.headings)
  }

  @Test func theListOfAttachment5() throws {
    let entries = try #require(text.section("attachment_5")).entries
    let table = try #require(Package.rows("printed_tables").first { $0.id == "attachment_5" })
    let rows = Self.headings("printed_table_rows", of: "attachment_5", "country")
    #expect(rows.map(\.label) + [table[column: "total_label"]] == entries.map(\.name))
    #expect(Self.headings("printed_table_columns", of: "attachment_5", "disposition").map(\.code) == ["remaining"])
  }

  @Test(arguments: Package.rows("printed_table_rows"))
  func aRowNamesTheCountryThatItsLabelMeans(row: Package.Row) throws {
    let country = try #require(Package.rows("countries").first { $0.id == row[column: "country"] })
    #expect(row[column: "label"] == country[column: "printed_name"])
  }

  @Test func everyCellOfATableIsAnObservation() {
    for table in Package.rows("printed_tables") {
      for country in Self.headings("printed_table_rows", of: table.id, "country").map(\.code) {
        for disposition in Self.headings("printed_table_columns", of: table.id, "disposition").map(\.code) {
          let found = Package.observations.count {
            $0[column: "source"] == table[column: "source"] && $0[column: "country"] == country
              && $0[column: "disposition"] == disposition
          }
          #expect(found == 1, "\(table.id), \(country), \(disposition)")
        }
      }
    }
  }

  @Test func aDifferenceInTheLedgerIsThatOfTheTotal() {
    let told = Package.rows("discrepancy_statements").filter { !$0[column: "difference"].isEmpty }
    #expect(
      told.map { [$0[column: "stated_total"], $0[column: "difference"]] } == [["memorandum_item_4_released", "9"]])
  }
}
