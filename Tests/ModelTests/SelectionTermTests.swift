import Model
import Testing

/// What may be selected of a dimension, and what is said of what may not.
struct SelectionTermTests {
  private static func dimension(
    _ id: String, _ ids: [String], isTime: Bool = false, hierarchy: Hierarchy? = nil
  ) -> Dimension {
    Dimension(
      id: id, title: id, codes: CodeList(resource: "\(id)s", ids: ids, names: ids), isTime: isTime,
      hierarchy: hierarchy)
  }

  private static let years = dimension("year", ["1951", "1960", "2015", "2016", "2024"], isTime: true)
  private static let months = dimension(
    "month", ["2014-11", "2014-12", "2015-01", "2015-07", "2016-01"], isTime: true)
  private static let quarters = dimension("quarter", ["2015-Q1", "2015-Q2", "2016-Q1"], isTime: true)
  private static let eras = dimension("year", ["-500", "-44", "14", "476"], isTime: true)
  /// The world with Asia and Europe; Japan and Korea in Asia; richer countries, of which nobody says which they are.
  private static let countries = dimension(
    "country", ["world", "asia", "europe", "japan", "Korea, Rep.", "france", "rich", "a..b"],
    hierarchy: Hierarchy(parents: [[], [0], [0], [1], [1], [2], [], []], aggregates: [6]))
  private static let plain = dimension("cargo", ["grain", "timber", "latest", "2015..2016", "under:grain", ".."])

  private func selected(_ text: String, of dimension: Dimension) throws -> [String] {
    try dimension.codes(of: .text(text)).map { dimension.codes.ids[$0] }
  }

  private func message(_ item: SelectionTerm.Item, of dimension: Dimension) -> String? {
    switch #expect(throws: ItemError.self, performing: { try dimension.codes(of: item) }) {
    case .unknown(let name)?: name.description
    case .unusable(_, let message)?: message
    case nil: nil
    }
  }

  @Test(
    "Of periods the latest, the first, or those from one to another are asked for",
    arguments: [
      ("latest", ["2024"]), ("first", ["1951"]), ("2015", ["2015"]), ("2015..2016", ["2015", "2016"]),
      ("2016..", ["2016", "2024"]), ("..1960", ["1951", "1960"]), ("2015..2015", ["2015"]),
      ("2016..latest", ["2016", "2024"]), ("first..1960", ["1951", "1960"]),
      // Years that the data lacks bound a range all the same.
      ("1955..2015", ["1960", "2015"]), ("2000..2100", ["2015", "2016", "2024"]), ("..1959", ["1951"]),
    ])
  func periods(_ text: String, _ expected: [String]) throws {
    #expect(try selected(text, of: Self.years) == expected)
  }

  @Test("A range of years covers the months and quarters in them")
  func finerPeriods() throws {
    #expect(try selected("2015..2015", of: Self.months) == ["2015-01", "2015-07"])
    #expect(try selected("..2014", of: Self.months) == ["2014-11", "2014-12"])
    #expect(try selected("2015-02..2016", of: Self.months) == ["2015-07", "2016-01"])
    #expect(try selected("2015..2015", of: Self.quarters) == ["2015-Q1", "2015-Q2"])
    #expect(try selected("2015-Q2..2016", of: Self.quarters) == ["2015-Q2", "2016-Q1"])
  }

  @Test("Years before the first one are in the order of time, not of their letters")
  func ancientYears() throws {
    #expect(try selected("-100..100", of: Self.eras) == ["-44", "14"])
    #expect(try selected("..-44", of: Self.eras) == ["-500", "-44"])
  }

  @Test(
    "What is exactly a code is that code",
    arguments: ["latest", "2015..2016", "under:grain", ".."])
  func exactCodes(_ code: String) throws {
    #expect(try selected(code, of: Self.plain) == [code])
    #expect(try selected("a..b", of: Self.countries) == ["a..b"])
  }

  @Test("Under a code is everything that it contains, and not the code itself")
  func under() throws {
    #expect(try selected("under:asia", of: Self.countries) == ["japan", "Korea, Rep."])
    #expect(
      try selected("under:world", of: Self.countries) == ["asia", "europe", "japan", "Korea, Rep.", "france"])
    #expect(try Self.countries.codes(of: .under("europe")) == [5])
  }

  @Test("What cannot be selected is told with the reason")
  func refusals() {
    #expect(message(.text("lates"), of: Self.years) == "unknown year \"lates\"; did you mean \"latest\"?")
    #expect(message(.text("2015..20x6"), of: Self.years) == "unknown year \"20x6\"; did you mean \"2016\"?")
    #expect(message(.text("2015-03.."), of: Self.years) == "unknown year \"2015-03\"; did you mean \"2015\"?")
    #expect(
      message(.text("2030..2040"), of: Self.years)
        == "\"2030..2040\" selects nothing: the codes of year go from 1951 to 2024")
    #expect(
      message(.text("1970..1980"), of: Self.years)
        == "\"1970..1980\" selects nothing: the codes of year go from 1951 to 2024")
    #expect(
      message(.text("2024..2015"), of: Self.years) == "\"2024..2015\" ends before it begins; write \"2015..2024\"")
    #expect(
      message(.text("2040..2030"), of: Self.years) == "\"2040..2030\" ends before it begins; write \"2030..2040\"")
    #expect(
      message(.text(".."), of: Self.years) == "\"..\" has neither beginning nor end; write A..B, A.. or ..B")
    #expect(
      message(.text("latest"), of: Self.countries)
        == "country has no code \"latest\", nor periods of which one is the latest")
    #expect(
      message(.text("grain..timber"), of: Self.plain)
        == "\"grain..timber\" is no range: the codes of cargo are no periods; name those that are meant")
    #expect(message(.text("a..c"), of: Self.countries) == "unknown country \"a..c\"; did you mean \"a..b\"?")
    #expect(
      message(.under("japan"), of: Self.countries) == "nothing is under \"japan\": it contains no other code of country"
    )
    #expect(
      message(.text("under:rich"), of: Self.countries)
        == "nothing is under \"rich\": it contains others, but the dataset does not say which")
    #expect(message(.text("under:asi"), of: Self.countries) == "unknown country \"asi\"; did you mean \"asia\"?")
    #expect(
      message(.under("grain"), of: Self.plain)
        == "nothing is under \"grain\": the dataset does not say which codes of cargo contain others")
    #expect(message(.code("first"), of: Self.years) == "unknown year \"first\"", "a code and nothing else")
  }

  @Test("Where there are no periods at all, nothing is the latest")
  func noPeriods() {
    let none = Self.dimension("year", [], isTime: true)
    #expect(message(.text("latest"), of: none) == "\"latest\" selects nothing: year has no codes")
    #expect(message(.text("2015.."), of: none) != nil)
  }

  @Test("A text of nothing but points is refused at once")
  func manyPoints() {
    #expect(message(.text(String(repeating: ".", count: 200_000)), of: Self.years) != nil)
  }
}
