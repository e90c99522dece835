internal import Base
internal import ReportKit

/// Which columns of a table a stacked bar chart shows.
struct ChartColumns: Equatable {
  /// More colours than this cannot be told apart by everybody.
  static let seriesLimit = 6

  /// The column that names the rows; nil when no column holds text.
  var label: Int?
  /// The columns whose numbers are stacked; at least one.
  var series: [Int]
  /// The column that counts again what all of them count, such as a total; nil where there is none.
  var total: Int?

  /// The column that names the rows: of those that hold text the one called `name`, or else the first.
  static func label(of columns: [Column]) -> Int? {
    columns.firstIndex { $0.kind == .text && $0.name == "name" } ?? columns.firstIndex { $0.kind == .text }
  }

  /// Chooses the columns that may be added up, without those that count again what others count. Numbers with decimals
  /// are chosen where there are no whole ones.
  init?(_ columns: [Column]) {
    let additive = columns.indices.filter { columns[$0].isValue && columns[$0].total == .sum && !columns[$0].isPart }
    let whole = additive.filter { columns[$0].kind == .integer }
    let comparable = Self.comparable(whole.isEmpty ? additive : whole, of: columns)
    series = Self.withoutRepetition(comparable, of: columns)
    if series.isEmpty { return nil }
    label = Self.label(of: columns)
    total = total(among: comparable, of: columns)
  }

  /// The columns with these names, separated by commas.
  init(_ columns: [Column], named names: String) throws(ParameterError) {
    label = Self.label(of: columns)
    series = []
    let numeric = columns.filter(\.isValue).map(\.name)
    for name in names.split(separator: ",").map({ trimmingSpaces($0) }) {
      guard let index = columns.firstIndex(where: { $0.name == name && $0.isValue }) else {
        throw ParameterError(
          parameter: "series", message: "there is no column of numbers \"\(name)\"\(didYouMean(name, among: numeric))",
          suggestions: suggestions(for: name, among: numeric))
      }
      if series.contains(index) {
        throw ParameterError(parameter: "series", message: "the column \"\(name)\" is named twice")
      }
      series.append(index)
    }
    if series.isEmpty {
      throw ParameterError(parameter: "series", message: "series must name columns, not \"\(names)\"")
    }
    total = total(among: columns.indices.filter { columns[$0].isValue }, of: columns)
  }

  /// Those of the unit that most of them have.
  static func comparable(_ indexes: [Int], of columns: [Column]) -> [Int] {
    let unit = mostFrequent(indexes.map { columns[$0].unit })
    return indexes.filter { columns[$0].unit == unit }
  }

  /// Those that do not count again what others of them count.
  static func withoutRepetition(_ indexes: [Int], of columns: [Column]) -> [Int] {
    indexes.filter { index in
      !indexes.contains { $0 != index && columns[index].countsAgain(columns[$0], isAfter: $0 < index) }
    }
  }

  private func total(among indexes: [Int], of columns: [Column]) -> Int? {
    indexes.first { index in
      !series.contains(index) && columns[index].unit == columns[series[0]].unit
        && series.allSatisfy { columns[index].countsAgain(columns[$0], isAfter: $0 < index) }
    }
  }
}

extension Column {
  /// Whether it has numbers that can be drawn: not those that are names of periods.
  var isValue: Bool { kind.isNumber && time != .periods }
}

private func mostFrequent(_ units: [String?]) -> String? {
  var counts: [String?: Int] = [:]
  for unit in units { counts[unit, default: 0] += 1 }
  return units.max { counts[$0, default: 0] < counts[$1, default: 0] } ?? nil
}

private func trimmingSpaces(_ text: Substring) -> String {
  var text = text.drop { $0 == " " }
  while text.last == " " { text.removeLast() }
  return String(text)
}

extension Column {
  /// Whether everything that the other column counts is counted in this one too. Of two that count the same it is the
  /// later one.
  fileprivate func countsAgain(_ other: Column, isAfter: Bool) -> Bool {
    guard let selection, let otherSelection = other.selection else {
      // Without selections only the name can tell.
      return name == "total" && selection == other.selection
    }
    return selection.covers(otherSelection) && (isAfter || !otherSelection.covers(selection))
  }
}

extension Selection {
  fileprivate func covers(_ other: Selection) -> Bool {
    restrictions.allSatisfy { own in other[own.dimension].map { $0.intersection(own.codes) == $0 } ?? false }
  }
}
