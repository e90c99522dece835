import ReportKit

/// What is shown in one cell and never added, not even to each other: a single number stands for itself, several are
/// listed and leave the cell without a number.
struct SetApart {
  /// More numbers than this in one cell are counted, not listed.
  private static let listed = 4

  private var count = 0
  private var caveats: Set<Int> = []
  /// The first ones, and as many as tell whether they are listed.
  private var observations: [Observation] = []

  private mutating func add(_ batch: ObservationBatch, _ index: Int) {
    count += 1
    if let caveats = batch.caveats[index] { self.caveats.formUnion(caveats) }
    if count <= Self.listed { observations.append(batch[index]) }
  }

  /// All that is selected and in no sum, by where it is shown.
  static func all<Place: Hashable>(
    in engine: any QueryEngine, where selection: Selection, at place: (_ batch: ObservationBatch, _ index: Int) -> Place
  ) async throws -> [Place: SetApart] {
    var found: [Place: SetApart] = [:]
    var stream = engine.observations(
      ObservationQuery(where: [selection], roles: [.ofWhich, .contested], texts: .loci))
    while let batch = try await stream.next() {
      for index in batch.indices { found[place(batch, index), default: SetApart()].add(batch, index) }
    }
    return found
  }

  /// - Parameter dimensions: those that the reader knows from the cell's place.
  func cell(in model: DatasetModel, without dimensions: Set<Int>) -> Cell {
    if count > Self.listed {
      return Cell(
        .missing(Missing(symbol: "\(count) numbers", label: "numbers that are not added")),
        notes: caveats.sorted().map { Note(.caveat, model.caveats[$0].text) })
    }
    let cells = observations.map { Cell($0, in: model) }
    let words = observations.map { model.words(for: $0, without: dimensions) }
    var notes: [Note] = []
    for note in cells.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
    let provenance = observations.map { Selection(codes: $0.codes) }
    if cells.count == 1 {
      return Cell(cells[0].value, notes: [Note(.scope, "Not added: \(words[0])")] + notes, provenance: provenance)
    }
    let symbol = cells.map(\.value.description).joined(separator: ", ")
    return Cell(
      .missing(Missing(symbol: symbol, label: "numbers that are not added: \(words.joined(separator: "; "))")),
      notes: notes, provenance: provenance)
  }
}
