public import Model
public import Query

extension Cell {
  /// What an aggregate comes to, with its coverage and its caveats. Without a single number the cell is missing: for the
  /// one reason that all its observations share, or for all of them; never 0.
  public init(_ aggregate: Aggregate, of measure: Measure, in model: DatasetModel) {
    var notes = aggregate.caveats.map { Note(.caveat, model.caveats[$0].text) }
    notes += Cell.note(onPeriods: aggregate, of: measure, in: model).map { [$0] } ?? []
    self.init(
      Cell.Value(aggregate, of: measure, in: model), notes: notes, coverage: Coverage(aggregate, in: model),
      bounds: aggregate.estimates == 0 || aggregate.sum == nil
        ? nil
        : Bounds(
          lower: aggregate.lower.map { ExactDecimal(units: $0, scale: measure.decimals) },
          upper: aggregate.upper.map { ExactDecimal(units: $0, scale: measure.decimals) }))
  }

  /// As `init(_:of:in:)` of the measure that is meant where none is named.
  public init(_ aggregate: Aggregate, in model: DatasetModel) {
    self.init(aggregate, of: model.measure, in: model)
  }

  /// Of which periods the numbers are that stand for others, where these are several.
  private static func note(onPeriods aggregate: Aggregate, of measure: Measure, in model: DatasetModel) -> Note? {
    guard let time = model.timeIndex, let periods = aggregate.periods, periods.lowerBound != periods.upperBound
    else { return nil }
    let rule = measure.rules[time] == .first ? "first" : "last"
    let names = model.dimensions[time].codes.names
    return Note(
      .coverage,
      "The \(rule) number of each, from \(names[periods.lowerBound]) to \(names[periods.upperBound])")
  }
}

extension Cell.Value {
  /// What an aggregate comes to.
  public init(_ aggregate: Aggregate, of measure: Measure, in model: DatasetModel) {
    if let dimension = aggregate.notAdditive {
      self = .missing(.notAdditive("\(measure.title) does not add over \(model.dimensions[dimension].title)"))
      return
    }
    if aggregate.isUndefined {
      self = .missing(Missing(symbol: "…", label: "divided by 0"))
      return
    }
    let reasons = zip(model.missingReasons, aggregate.missing).filter { $0.1 > 0 }.map { Missing($0.0) }
    if let sum = aggregate.sum, aggregate.numbers > aggregate.nils || !reasons.isEmpty {
      self.init(units: sum, decimals: measure.decimals)
      return
    }
    if aggregate.nils > 0 {
      // Nothing but marks that count as 0 is shown as it is printed.
      self = .missing(model.missingReasons.first(where: \.isNil).map { Missing($0) })
      return
    }
    switch reasons.count {
    case 0: self = .missing(nil)
    case 1: self = .missing(reasons[0])
    default:
      self = .missing(
        Missing(
          symbol: reasons.map(\.symbol).joined(separator: " "), label: reasons.map(\.label).joined(separator: ", ")))
    }
  }
}

extension Coverage {
  /// Nil for a single number, or the lack of one, and where nothing is expected.
  init?(_ aggregate: Aggregate, in model: DatasetModel) {
    if aggregate.expected < 2, aggregate.absent == 0 { return nil }
    if aggregate.notAdditive != nil { return nil }
    let reasons = zip(model.missingReasons, aggregate.missing).map { reason, count in
      Lack(reason: reason.label ?? "missing", count: count)
    }
    self.init(numbers: aggregate.numbers, lacks: reasons + [Lack(reason: Self.noRow, count: aggregate.absent)])
  }
}
