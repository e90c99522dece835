import Testing

private let text = SourceText.shared

/// What a row says of a cell of a table.
private struct Cell: Equatable, CustomStringConvertible {
  let locus, country, disposition, persons, quote: String

  var description: String { "\(locus): \(country) \(disposition) \(persons) “\(quote)”" }
}

@Suite("The tables are rebuilt by position and compared with the rows")
struct TableTests {
  private static let countries = Dictionary(
    uniqueKeysWithValues: Package.rows("countries").map { ($0[column: "printed_name"], $0.id) })

  @Test(
    "Attachments 1 and 4, run together column by column",
    arguments: [
      ("attachment_1", "Attachment 1", ["released", "handed_over"], 8),
      ("attachment_4", "Attachment 4", ["released", "remaining"], 12),
    ])
  func tableByPosition(source: String, name: String, dispositions: [String], countries: Int) throws {
    let table = try #require(text.table(source))
    #expect(table.names.count == countries + 1)
    #expect(table.runs.count == dispositions.count)
    for (heading, disposition) in zip(table.headings.dropFirst(), dispositions) {
      let words = try #require(Self.headingWords[disposition])
      #expect(heading.contains(words))
    }

    var cells: [Cell] = []
    for (position, printed) in table.names.dropLast().enumerated() {
      for (column, disposition) in dispositions.enumerated() {
        try #require(table.values(column).count == table.names.count)
        cells.append(
          Cell(
            locus: "\(name), \(printed), column \(column + 1)", country: try #require(Self.countries[printed]),
            disposition: disposition, persons: table.values(column)[position], quote: table.runs[column]))
      }
    }
    #expect(Self.cells(of: source) { $0.contains(", column ") } == cells)

    for (column, disposition) in dispositions.enumerated() {
      let total = try #require(
        Package.statedTotals.first { $0[column: "locus"] == "\(name), Total, column \(column + 1)" })
      #expect(total[column: "persons"] == table.values(column).last)
      #expect(total[column: "quote"] == table.runs[column])
      #expect(total.id.hasSuffix(disposition))
    }
  }

  @Test("Attachment 5, one country on a line")
  func listOfAttachment5() throws {
    let entries = try #require(text.section("attachment_5")).entries
    let total = try #require(entries.last)
    let cells = try entries.dropLast().map { entry in
      Cell(
        locus: "Attachment 5, \(entry.name)", country: try #require(Self.countries[entry.name]),
        disposition: "remaining", persons: entry.value, quote: entry.line)
    }
    #expect(cells.count == 6)
    #expect(Self.cells(of: "attachment_5") { _ in true } == cells)
    let stated = try #require(Package.statedTotals.first { $0[column: "locus"] == "Attachment 5, Total" })
    #expect(stated[column: "persons"] == total.value)
    #expect(stated[column: "quote"] == total.line)
  }

  /// Words of the column heading that mean the disposition.
  private static let headingWords = [
    "released": "to be released", "handed_over": "to be handed over", "remaining": "to remain",
  ]

  private static func cells(of source: String, where isCell: (String) -> Bool) -> [Cell] {
    Package.observations.filter { $0[column: "source"] == source && isCell($0[column: "locus"]) }.map {
      Cell(
        locus: $0[column: "locus"], country: $0[column: "country"], disposition: $0[column: "disposition"],
        persons: $0[column: "persons"], quote: $0[column: "quote"])
    }
  }
}
