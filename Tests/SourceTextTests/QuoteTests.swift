import Testing

private let text = SourceText.shared

@Suite("Every row cites words that are printed where it says")
struct QuoteTests {
  @Test(arguments: Package.observations + Package.statedTotals)
  func theQuoteOccursAtTheLocus(row: Package.Row) throws {
    let passage = try #require(text.passage(at: row[column: "locus"]), "no such locus: \(row[column: "locus"])")
    #expect(passage.contains(row[column: "quote"].whiteSpaceAside))
    #expect(row[column: "locus"].hasPrefixOfSource(row[column: "source"]))
  }

  @Test(arguments: Package.observations + Package.statedTotals)
  func theNumberStandsInTheQuote(row: Package.Row) {
    if row[column: "persons"] == "–" {
      #expect(row[column: "quote"].contains("–"))
    } else if !row[column: "persons"].isEmpty {
      #expect(row[column: "quote"].numbers.contains(row[column: "persons"]))
    }
  }

  @Test func observationsComeInTheOrderOfTheText() throws {
    let places = try Package.observations.map { row in
      let section = try #require(text.sections.firstIndex { $0.id == row[column: "source"] })
      let whole = text.sections[section].text
      // The cells of a table are read row by row, so only the table as a whole has a place.
      let passage = try #require(text.passage(at: row[column: "locus"]))
      let words = row[column: "locus"].contains(", column ") ? passage : row[column: "quote"].whiteSpaceAside
      let offset = try #require(whole.ranges(of: words).first?.lowerBound.utf16Offset(in: whole))
      return section * 1_000_000 + offset
    }
    #expect(places == places.sorted())
  }

  @Test(arguments: Package.rows("sources"))
  func headingAndMarkingArePrinted(source: Package.Row) throws {
    let section = try #require(text.section(source.id))
    #expect(section.text.contains(source[column: "heading"].whiteSpaceAside))
    #expect(section.lines.contains(source[column: "marking"]))
  }

  @Test(arguments: Package.rows("countries"))
  func theNameOfACountryIsPrinted(country: Package.Row) throws {
    let locus = country[column: "printed_locus"]
    let passage = try #require(text.passage(at: locus), "no such locus: \(locus)")
    #expect(passage.split { !$0.isLetter }.contains { $0 == country[column: "printed_name"] })
  }
}

extension String {
  fileprivate func hasPrefixOfSource(_ source: String) -> Bool {
    split(separator: ",").first.map { SourceText.sectionId($0) } == source
  }
}
