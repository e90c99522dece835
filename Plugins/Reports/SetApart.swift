import ReportKit

extension Cell {
  /// More numbers than this in one cell are counted, not listed.
  private static let listed = 4

  /// What is shown and never added, not even to each other: a single number stands for itself, several are listed and
  /// leave the cell without a number.
  ///
  /// - Parameters:
  ///   - rows: the observations, at least one.
  ///   - dimensions: those that the reader knows from the cell's place.
  init(setApart rows: [Int], in dataset: Snapshot, without dimensions: Set<Int>) throws {
    if rows.count > Self.listed {
      let caveats = Set(rows.flatMap { dataset.observations.caveats(ofRow: $0) }).sorted()
      self.init(
        .missing(Missing(symbol: "\(rows.count) numbers", label: "numbers that are not added")),
        notes: caveats.map { Note(.caveat, dataset.caveats[$0].text) })
      return
    }
    let observations = try dataset.observations.observations(atRows: rows)
    let cells = observations.map { Cell($0, in: dataset) }
    let words = observations.map { dataset.words(for: $0, without: dimensions) }
    var notes: [Note] = []
    for note in cells.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
    let origins = observations.map { Selection(codes: $0.codes) }
    if cells.count == 1 {
      self.init(cells[0].value, notes: [Note(.scope, "Not added: \(words[0])")] + notes, origins: origins)
    } else {
      let symbol = cells.map(\.value.description).joined(separator: ", ")
      self.init(
        .missing(Missing(symbol: symbol, label: "numbers that are not added: \(words.joined(separator: "; "))")),
        notes: notes, origins: origins)
    }
  }
}
