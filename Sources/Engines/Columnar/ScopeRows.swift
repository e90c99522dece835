internal import Model
internal import Query

/// What is added of a scope, by the rules of MODEL that need no look at the numbers.
struct ScopePlan {
  /// The observations of the measure, without codes that contain others or are parts of others where these are among what
  /// is added.
  var selection: Selection
  /// The dimension over which there is no sum although several of its codes would have to be added.
  var notAdditive: Int?
  /// Whether everything that is selected is added; else one number stands for others, or a mean or an extreme for all.
  var isSum = true
}

/// The rows of a scope, apart by what they are to its sum.
struct ScopeRows: Sendable {
  /// Those that are looked at, whatever their role, ascending.
  var rows: [UInt32]
  /// The dimension over which there is no sum.
  var notAdditive: Int?
}

/// Reads the scopes of a dataset through its index. It keeps what it finds out about sets of codes, for one thread.
final class ScopeReader {
  let engine: ColumnarEngine
  let index: RowIndex
  private var known = ResolvedCodes()

  init(_ engine: ColumnarEngine, _ index: RowIndex) {
    self.engine = engine
    self.index = index
  }

  private var model: DatasetModel { engine.model }
  private var columns: ObservationColumns { index.columns }

  // MARK: - Rows

  /// The rows that a selection selects, ascending, whatever the rules.
  func allRows(where selection: Selection) -> [UInt32] { index.rows(where: selection, &known) }

  /// - Parameter measure: the index of the measure; nil for all observations, whatever they measure.
  func rows(of scope: Selection, measure: Int?) -> ScopeRows {
    let plan = plan(for: scope, measure: measure)
    return ScopeRows(rows: index.rows(where: plan.selection, &known), notAdditive: plan.notAdditive)
  }

  func plan(for scope: Selection, measure: Int?) -> ScopePlan {
    let measure = measure.map { model.measures[$0] } ?? (model.measures.count == 1 ? model.measure : nil)
    var plan = ScopePlan(selection: scope)
    if let index = model.measureIndex, let code = measure?.code { plan.selection.restrict(index, to: [code]) }
    for (index, dimension) in model.dimensions.enumerated() {
      var codes = plan.selection[index]
      if let codes, codes.count < 2 { continue }
      if dimension.codes.count < 2 { continue }
      if let hierarchy = dimension.hierarchy {
        let selected = codes ?? CodeSet(0..<dimension.codes.count)
        guard let addends = known.addends(among: selected, index, hierarchy) else {
          plan.notAdditive = plan.notAdditive ?? index
          continue
        }
        if addends != selected {
          plan.selection.restrict(index, to: addends)
          codes = addends
        }
        if let codes, codes.count < 2 { continue }
      }
      switch measure?.rules[index] ?? (index == model.measureIndex ? .none : .sum) {
      case .sum: break
      case .none: plan.notAdditive = plan.notAdditive ?? index
      case .last, .first, .mean, .max, .min: plan.isSum = false
      }
    }
    return plan
  }

  // MARK: - Sums

  /// What the rows come to that are looked at, added up.
  func aggregate(ofRows scope: ScopeRows) -> Aggregate {
    var result = Aggregate()
    var sum: Int128 = 0
    var partSum: Int128 = 0
    var caveats: Set<Int> = []
    var wholes: Set<Int> = []
    let store = engine.store
    for row in scope.rows {
      let row = Int(row)
      let value = columns.value(row)
      switch columns.role(row) {
      case .counted:
        result.observations += 1
        switch value {
        case .number(let number):
          sum &+= Int128(number)
          result.numbers += 1
        case .missing(let reason) where model.missingReasons[reason].isNil:
          result.numbers += 1
          result.nils += 1
        case .missing(let reason):
          if result.missing.isEmpty { result.missing = Array(repeating: 0, count: columns.reasonCount) }
          result.missing[reason] += 1
        }
        if !store.caveatIndex.isEmpty { caveats.formUnion(store.caveatIndex.caveats(ofRow: row)) }
      case .ofWhich:
        result.ofWhich += 1
        if let number = value.number {
          partSum &+= Int128(number)
          result.parts.numbers += 1
        } else {
          result.parts.missing += 1
        }
        if let whole = store.wholes[row], !wholes.insert(whole).inserted { result.parts.overlap = true }
      case .contested: result.contested += 1
      }
    }
    result.caveats = caveats.sorted()
    if result.parts.numbers > 0, !result.parts.overlap { result.parts.sum = partSum }
    if let dimension = scope.notAdditive, result.observations > 0 {
      result.notAdditive = dimension
    } else if result.numbers > 0 {
      result.sum = sum
    }
    return result
  }

  /// The rows whose numbers make the sum that a stated total is held against: those that count, or where there are none,
  /// those that are parts of others.
  func addends(of scope: ScopeRows) -> [UInt32] {
    guard columns.roles != nil else { return scope.rows }
    let counted = scope.rows.filter { columns.role(Int($0)) == .counted }
    return counted.isEmpty ? scope.rows.filter { columns.role(Int($0)) == .ofWhich } : counted
  }
}
