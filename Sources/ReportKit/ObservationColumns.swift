public import Model
public import Query

extension ColumnVector {
  /// The numbers of observations, each missing one with its reason.
  public init(_ observations: ObservationBatch, in model: DatasetModel) {
    let hasGaps = observations.reasons.contains { $0 != 0 }
    let gaps =
      hasGaps ? Gaps(codes: observations.reasons, reasons: model.missingReasons.map { Missing($0) }) : .none
    self = .integers(observations.values, gaps)
  }
}

extension SparseAnnotations {
  /// The caveats of observations, on the column with their numbers.
  public init(_ observations: ObservationBatch, column: Int, in model: DatasetModel) {
    self.init()
    for (row, caveats) in observations.caveats {
      self[row, column] = Annotation(notes: caveats.map { Note(.caveat, model.caveats[$0].text) })
    }
  }
}
