import ReportKit

extension TestTable {
  /// Years below each other, with a column for each place and one for all of them, of numbers that do not add over time.
  /// Africa lacks numbers before 1970 and has none for 1966 and 1967; Oceania has estimates.
  static func years(_ years: ClosedRange<Int> = 1960...2000) -> TestTable {
    let places: [(id: String, title: String)] = [("africa", "Africa"), ("asia", "Asia"), ("oceania", "Oceania")]
    var columns = [Column(name: "year", title: "Year", kind: .text, time: .periods)]
    for (index, place) in places.enumerated() {
      columns.append(
        Column(name: place.id, title: place.title, kind: .integer, unit: "thousand persons", selection: .only(index)))
    }
    columns.append(
      Column(name: "total", title: "Total", kind: .integer, unit: "thousand persons", selection: .only(0, 1, 2)))
    return TestTable(
      title: "Population by continent", columns: columns,
      rows: years.map { year in
        let age = year - 1960
        let (africa, asia, oceania) = (283_000 + age * 13_000, 1_700_000 + age * 51_000, 16_000 + age * 4_000)
        return Row([
          .text("\(year)"), self.africa(year, africa), .integer(asia),
          Cell(
            .integer(Int64(oceania)),
            bounds: Bounds(
              lower: ExactDecimal(units: Int128(oceania * 6 / 10), scale: 0),
              upper: ExactDecimal(units: Int128(oceania * 15 / 10), scale: 0))),
          .integer(africa + asia + oceania),
        ])
      }, notes: [Note(.scope, "1 number is not added")])
  }

  /// Months of six towns with decimals and numbers below zero, some ending early, with lines that cross each other and single
  /// estimates.
  static let months = TestTable(
    title: "Change of stocks in six towns, and of none besides",
    columns: [Column(name: "month", title: "Month", kind: .text, time: .periods)]
      + ["Alby", "Brok upon the Old Quay", "Corrè", "Dún", "Ely", "Falun"].enumerated().map { index, title in
        Column(
          name: "t\(index)", title: title, kind: .decimal, unit: "thousand tonnes", total: .sum, selection: .only(index)
        )
      },
    rows: (0..<30).map { month in
      let name = "\(1954 + month / 12)-\(month % 12 < 9 ? "0" : "")\(month % 12 + 1)"
      return Row(
        [.text(name)]
          + (0..<6).map { town in
            if town == 4, month > 20 { return .notGiven }
            if town == 2, month % 7 == 3 { return .notGiven }
            let units = (month * (town - 2) * 7 + town * 13 * (month % 5) - 30 * town)
            let value = ExactDecimal(units: Int128(units), scale: 1)
            let bounds =
              town == 5 && month % 9 == 4
              ? Bounds(
                lower: ExactDecimal(units: Int128(units - 90), scale: 1),
                upper: ExactDecimal(units: Int128(units + 60), scale: 1))
              : nil
            return Cell(.decimal(value), bounds: bounds)
          })
    })

  private static func africa(_ year: Int, _ number: Int) -> Cell {
    if 1966...1967 ~= year { return Cell(.missing(.notAdditive("Population does not add over Year"))) }
    if year >= 1970 { return .integer(number) }
    let count = 20 + (year - 1960) * 2
    return Cell(
      .integer(Int64(number)), notes: year == 1963 ? [finns] : [],
      coverage: Coverage(numbers: count, lacks: [Coverage.Lack(reason: "without a row", count: 48 - count)]))
  }

  /// The same with a row for each place and a column for each year.
  static func yearsAcross(_ years: ClosedRange<Int> = 1960...2000) -> TestTable {
    let down = TestTable.years(years)
    let columns =
      [Column(name: "continent", title: "Continent", kind: .text)]
      + down.rows.map { row in
        let year = row[0].value.description
        return Column(name: "y\(year)", title: year, kind: .integer, unit: "thousand persons", time: .period(year))
      }
    return TestTable(
      title: down.title, columns: columns,
      rows: (1...3).map { index in
        Row([.text(down.columns[index].title)] + down.rows.map { $0[index] })
      }, notes: down.notes)
  }
}
