public import Model

/// How a question is answered by the rules of its measure (MODEL, rules 1 and 4): what is left out of every sum, over which
/// dimensions one number stands for others, and over which nothing may be added.
package struct AggregationPlan: Sendable {
  /// Those that group.
  package let dimensions: [Int]
  /// The observations that are looked at: those of the measure, without codes that contain others or are parts of others
  /// where these are among what is added.
  package let selections: [Selection]
  /// The dimension over which there is no sum although several of its codes would have to be added; nil where there is one.
  package private(set) var notAdditive: Int?
  /// Over each of these dimensions one number of a series stands for the others, one dimension after the other.
  package private(set) var picks: [Pick] = []
  /// Over these the sums for each code become one number.
  package private(set) var reductions: [Reduction] = []
  /// The dimensions of which every combination of codes is expected; empty where only rows are.
  package let panel: [Int]
  /// The measure that is asked for; nil for all observations.
  package let measure: Measure?

  /// Which code's number stands for those of others.
  package struct Pick: Sendable {
    package let dimension: Int
    /// By code its place in the order of preference: the least one with a number counts.
    package let ranks: [Int]
    package let isTime: Bool
  }

  /// What sums by code become.
  package struct Reduction: Sendable {
    package let dimension: Int
    package let rule: AggregationRule
  }

  /// Whether everything that is selected is added, and nothing beside it is expected.
  package var isPlain: Bool { notAdditive == nil && picks.isEmpty && reductions.isEmpty && panel.isEmpty }

  package init(_ query: AggregateQuery, _ model: DatasetModel) {
    dimensions = query.dimensions
    panel = model.panel
    // Where observations have one measure alone, it is meant, whatever ratios are computed from it.
    let stored = model.measures.lazy.filter { $0.ratio == nil }
    let measure = query.measure.map { model.measures[$0] } ?? (stored.count == 1 ? stored.first : nil)
    self.measure = measure
    var selections = query.selections
    if let index = model.measureIndex, let code = measure?.code {
      for place in selections.indices { selections[place].restrict(index, to: [code]) }
    }
    for (index, dimension) in model.dimensions.enumerated() where !query.dimensions.contains(index) {
      var codes = Self.codes(of: index, in: selections, count: dimension.codes.count)
      if codes.count < 2 { continue }
      if let hierarchy = dimension.hierarchy {
        guard let addends = hierarchy.addends(among: codes) else {
          notAdditive = notAdditive ?? index
          continue
        }
        if addends != codes {
          for place in selections.indices { selections[place].restrict(index, to: addends) }
          codes = addends
        }
        if codes.count < 2 { continue }
      }
      switch Self.rule(of: measure, over: index, in: model) {
      case _ where index == model.sourceIndex && !query.preferredSources.isEmpty:
        picks.insert(.preferring(query.preferredSources, over: index, of: dimension), at: 0)
      case .sum: break
      case .last: picks.append(Pick(dimension, at: index, isDescending: true))
      case .first: picks.append(Pick(dimension, at: index, isDescending: false))
      case .mean, .max, .min:
        reductions.append(
          Reduction(dimension: index, rule: Self.rule(of: measure, over: index, in: model)))
      case .none: notAdditive = notAdditive ?? index
      }
    }
    self.selections = selections
  }

  /// Observations of several measures do not add to each other.
  private static func rule(of measure: Measure?, over dimension: Int, in model: DatasetModel) -> AggregationRule {
    measure?.rules[dimension] ?? (dimension == model.measureIndex ? .none : .sum)
  }

  /// The dimension over which the two measures of a ratio become different things, where several codes would have to be
  /// put together; nil where there is none.
  package static func unevenDimension(of ratio: Measure.Ratio, _ query: AggregateQuery, _ model: DatasetModel) -> Int? {
    let (of, per) = (model.measures[ratio.of], model.measures[ratio.per])
    return model.dimensions.indices.first { index in
      index != model.measureIndex && !query.dimensions.contains(index) && of.rules[index] != per.rules[index]
        && codes(of: index, in: query.selections, count: model.dimensions[index].codes.count).count > 1
    }
  }

  /// All codes that any of the selections allows.
  package static func codes(of dimension: Int, in selections: [Selection], count: Int) -> CodeSet {
    var codes = CodeSet()
    for selection in selections {
      guard let allowed = selection[dimension] else { return CodeSet(0..<count) }
      codes.formUnion(allowed)
    }
    return codes
  }
}

extension AggregationPlan.Pick {
  fileprivate init(_ dimension: Dimension, at index: Int, isDescending: Bool) {
    let count = dimension.codes.count
    self.init(
      dimension: index, ranks: (0..<count).map { isDescending ? count - $0 : $0 }, isTime: dimension.isTime)
  }

  fileprivate static func preferring(_ codes: [Int], over index: Int, of dimension: Dimension) -> Self {
    let ranks = dimension.codes.ids.indices.map { codes.firstIndex(of: $0) ?? codes.count + $0 }
    return Self(dimension: index, ranks: ranks, isTime: false)
  }
}

extension DatasetModel {
  /// What is added of a selection where only those dimensions group: without codes that contain others or are parts of
  /// others, where these are among what is added.
  public func addends(of selection: Selection, by dimensions: [Int]) -> Selection {
    AggregationPlan(AggregateQuery(by: dimensions, where: [selection]), self).selections[0]
  }
}
