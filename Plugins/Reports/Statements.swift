import ReportKit

extension Cell {
  /// A text, or nothing.
  static func text(or text: String?) -> Cell { text.map { .text($0) } ?? .empty }

  /// What one observation gives, with its caveats.
  init(_ observation: Observation, in dataset: Snapshot) {
    self.init(
      Cell.Value(observation.value, in: dataset),
      notes: observation.caveats.map { Note(.caveat, dataset.caveats[$0].text) })
  }
}

extension Cell.Value {
  init(_ value: ObservedValue, in dataset: Snapshot) {
    switch value {
    case .number(let number): self = .integer(number)
    case .missing(let reason): self = .missing(Missing(dataset.missingReasons[reason]))
    }
  }
}

/// A stated total as it stands below the column that it claims to sum, marked when it differs from the sum.
struct StatedCell {
  let cell: Cell
  let title: String
  let differs: Bool

  init(_ index: Int, in dataset: Snapshot) throws {
    let total = dataset.statedTotals[index]
    let reconciled = try dataset.reconciledTotal(index)
    let source = total.source.map { dataset.name(ofSource: $0) }
    differs = reconciled.status != .agrees
    title = (differs ? "Stated, not what it adds up to" : "Stated") + (source.map { ": \($0)" } ?? "")
    var notes: [Note] = []
    if differs {
      let place = total.locus ?? source ?? total.id
      let value = Cell.Value(total.value, in: dataset)
      let sum = Cell(reconciled.computed, in: dataset).value
      let explanation =
        reconciled.discrepancies.isEmpty
        ? "Nobody has acknowledged this."
        : reconciled.discrepancies.map { dataset.discrepancies[$0].text }.joined(separator: " ")
      notes.append(
        Note(.discrepancy, "\(place) states \(value); the observations come to \(sum). \(explanation)"))
    }
    cell = Cell(Cell.Value(total.value, in: dataset), notes: notes, origins: [total.scope])
  }
}

extension Discrepancy {
  /// The explanation, or the title where the ledger has none.
  var text: String { explanation ?? title }
}

extension Snapshot {
  /// Such as `180: General officers (Attachment 2, item 2)`. The source is told by its locus where there is one.
  ///
  /// - Parameter dimensions: those that the reader knows already.
  func words(for observation: Observation, without dimensions: Set<Int> = []) -> String {
    let source = observation.locus == nil ? [] : [sourceIndex].compactMap(\.self)
    let codes = words(for: observation.codes, without: dimensions.union(source))
    return "\(Cell.Value(observation.value, in: self))"
      + (codes.isEmpty ? "" : ": \(codes)") + (observation.locus.map { " (\($0))" } ?? "")
  }
}
