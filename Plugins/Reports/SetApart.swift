import ReportKit

/// What is shown in one cell and never added to others: a single number stands for itself. Parts of different wholes have
/// a sum of their own; parts of one whole may overlap, and contested numbers mean nothing together: these are listed and
/// leave the cell without a number.
struct SetApart {
  /// More numbers than this in one cell are counted, not listed.
  private static let listed = 4

  private var count = 0
  private var caveats: Set<Int> = []
  /// The first ones, and as many as tell whether they are listed.
  private var observations: [Observation] = []
  private var sum: Int128 = 0
  private var missingCount = 0
  private var keys: Set<ObservationKey> = []
  private var wholes: Set<ObservationKey> = []
  /// Whether two of them may count the same.
  private var overlap = false

  /// No number yet.
  init() {}

  /// What several cells show, together.
  init(joining cells: [SetApart]) {
    for cell in cells {
      overlap = overlap || cell.overlap || !wholes.isDisjoint(with: cell.wholes)
      count += cell.count
      caveats.formUnion(cell.caveats)
      observations += cell.observations
      sum += cell.sum
      missingCount += cell.missingCount
      keys.formUnion(cell.keys)
      wholes.formUnion(cell.wholes)
    }
    overlap = overlap || !wholes.isDisjoint(with: keys)
  }

  private mutating func add(_ batch: ObservationBatch, _ index: Int) {
    count += 1
    if let caveats = batch.caveats[index] { self.caveats.formUnion(caveats) }
    if count <= Self.listed { observations.append(batch[index]) }
    if let number = batch.value(index).number { sum += Int128(number) } else { missingCount += 1 }
    keys.insert(ObservationKey(batch.keys[index]))
    if let whole = batch.wholes[index] { overlap = !wholes.insert(whole).inserted || overlap }
    if batch.roles[index] != .ofWhich { overlap = true }
  }

  /// All that is selected and in no sum, by where it is shown.
  static func all<Place: Hashable>(
    in engine: any QueryEngine, where selection: Selection, at place: (_ batch: ObservationBatch, _ index: Int) -> Place
  ) async throws -> [Place: SetApart] {
    var found: [Place: SetApart] = [:]
    var stream = engine.observations(
      ObservationQuery(where: [selection], roles: [.ofWhich, .contested], texts: [.keys, .loci]))
    while let batch = try await stream.next() {
      for index in batch.indices { found[place(batch, index), default: SetApart()].add(batch, index) }
    }
    return found
  }

  /// - Parameter dimensions: those that the reader knows from the cell's place.
  func cell(in model: DatasetModel, without dimensions: Set<Int>) -> Cell {
    if count > 1, !mayOverlap { return sum(in: model) }
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

  private var mayOverlap: Bool { overlap || !wholes.isDisjoint(with: keys) }

  /// The sum of parts; what may overlap has none.
  func sum(in model: DatasetModel) -> Cell {
    guard let first = observations.first else { return .empty }
    let measure = model.measure(of: first.codes)
    var parts = PartAggregate()
    parts.sum = mayOverlap || count == missingCount ? nil : sum
    parts.numbers = count - missingCount
    parts.missing = missingCount
    parts.overlap = mayOverlap
    var cell = Cell(parts: parts, of: measure)
    cell.notes += caveats.sorted().map { Note(.caveat, model.caveats[$0].text) }
    return cell
  }
}
