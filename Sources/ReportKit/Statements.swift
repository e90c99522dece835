public import Model
public import Query

extension Discrepancy {
  /// The explanation, or the title where the ledger has none.
  public var text: String { explanation ?? title }
}

extension ReconciledTotal {
  /// What the ledger says about the difference; nil when it says nothing.
  public func explanation(in model: DatasetModel) -> String? {
    discrepancies.isEmpty ? nil : discrepancies.map { model.discrepancies[$0].text }.joined(separator: " ")
  }

  /// That the stated total is not what its observations come to, and what the ledger says about it; nil when they agree.
  ///
  /// - Parameter statement: what is stated and where, such as `Attachment 1 states 189`.
  public func note(_ statement: String, in model: DatasetModel) -> Note? {
    if status == .agrees { return nil }
    let sum = Cell(computed, in: model).value
    let reason = explanation(in: model) ?? "Nobody has acknowledged this."
    return Note(.discrepancy, "\(statement); the observations come to \(sum). \(reason)")
  }
}

/// A stated total as it stands below the column that it claims to sum, marked when it differs from the sum.
public struct StatedCell: Sendable {
  /// The stated value, with a note when it differs and the scope as what is behind it.
  public var cell: Cell
  /// Such as `Stated: Attachment 1`.
  public let title: String
  /// Whether the stated total is not the sum, acknowledged or not.
  public let differs: Bool

  /// - Parameter reconciled: of the same model.
  public init(_ reconciled: ReconciledTotal, in model: DatasetModel) {
    let total = model.statedTotals[reconciled.index]
    let source = total.source.map { model.name(ofSource: $0) }
    let value = Cell.Value(total.value, in: model)
    differs = reconciled.status != .agrees
    title = StatedCell.title(differs: differs, source: source)
    let note = reconciled.note("\(total.locus ?? source ?? total.id) states \(value)", in: model)
    cell = Cell(value, notes: note.map { [$0] } ?? [], provenance: [total.scope])
  }

  /// The title of a row of stated totals.
  ///
  /// - Parameter source: the name of the source; nil where the dataset does not say it.
  public static func title(differs: Bool, source: String?) -> String {
    (differs ? "Stated, not what it adds up to" : "Stated") + (source.map { ": \($0)" } ?? "")
  }
}

extension DatasetModel {
  /// Such as `180: General officers (Attachment 2, item 2)`. The source is told by its locus where there is one.
  ///
  /// - Parameter dimensions: those that the reader knows already.
  public func words(for observation: Observation, without dimensions: Set<Int> = []) -> String {
    let source = observation.locus == nil ? [] : [sourceIndex].compactMap(\.self)
    let codes = words(for: observation.codes, without: dimensions.union(source))
    return "\(Cell.Value(observation.value, in: self))"
      + (codes.isEmpty ? "" : ": \(codes)") + (observation.locus.map { " (\($0))" } ?? "")
  }
}
