import ReportKit

/// The observations with the largest numbers. By hand: `swift run largest-observations < largest-observations.ndjson`
@main
enum Largest {
  static func main() throws {
    try ExternalReport.run { input, output in
      let persons = try input.column("persons")
      guard case .integer(let count)? = input.header.parameters["count"] else {
        throw FrameError("the parameter \"count\" is missing")
      }
      var largest: [(row: Int, cells: [Cell], persons: Int64)] = []
      var row = 0
      while let next = try input.next() {
        defer { row += 1 }
        guard case .integer(let number) = next.cells[persons].value else { continue }
        largest.append((row, next.cells, number))
        // Stable, so that of equal numbers the first ones stay.
        largest.sort { ($1.persons, $0.row) < ($0.persons, $1.row) }
        if largest.count > count { largest.removeLast() }
      }
      output.begin([
        Column(name: "country", title: "Country", kind: .text),
        Column(name: "disposition", title: "Disposition", kind: .text),
        Column(name: "persons", title: "Persons", kind: .integer, unit: "persons"),
      ])
      for entry in largest { try output.write(Array(entry.cells[0...2]), sources: [entry.row]) }
    }
  }
}
