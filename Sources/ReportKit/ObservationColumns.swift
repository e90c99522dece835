public import Model
public import Query

extension ColumnVector {
  /// The numbers of observations, each missing one with its reason.
  public init(_ observations: ObservationBatch, in model: DatasetModel) {
    let hasGaps = observations.reasons.contains { $0 != 0 }
    let gaps =
      hasGaps ? Gaps(codes: observations.reasons, reasons: model.missingReasons.map { Missing($0) }) : .none
    let decimals = model.measures.map(\.decimals)
    if decimals.allSatisfy({ $0 == 0 }) {
      self = .integers(observations.values, gaps)
      return
    }
    var scaleOfCode: [Int] = []
    for measure in model.measures {
      guard let code = measure.code else { continue }
      while scaleOfCode.count <= code { scaleOfCode.append(0) }
      scaleOfCode[code] = measure.decimals
    }
    let codes = model.measureIndex.map { observations.codes[$0] }
    self = .decimals(
      observations.values.enumerated().map { row, value in
        ExactDecimal(
          units: Int128(value), scale: codes.map { scaleOfCode[Int($0[row])] } ?? decimals[0])
      }, gaps)
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
