/// What the numbers of observations count or measure, and what several of them come to.
public struct Measure: Sendable {
  /// The name by which it is asked for: that of the field of the observations, or of the code of the dimension whose
  /// codes are measures, or the configured one.
  public let name: String
  /// For people: the field's or the code's title, or else the name.
  public let title: String
  /// The description of the field or code; nil when it has none.
  public let description: String?
  /// What one of it is, such as `persons`; nil where nobody says it.
  public let unit: String?
  /// How many digits stand behind the point of its numbers, from 0 to 18. Numbers are kept as whole multiples of the last
  /// one.
  public let decimals: Int
  /// By the index of the dimension, what several of its numbers become there.
  public let rules: [AggregationRule]
  /// How it is computed from two others after these were aggregated; nil for one that observations give.
  public let ratio: Ratio?
  /// Its code in the dimension of measures; nil where observations have one measure alone, or for a ratio.
  public let code: Int?

  package init(
    name: String, title: String, description: String? = nil, unit: String? = nil, decimals: Int = 0,
    rules: [AggregationRule], ratio: Ratio? = nil, code: Int? = nil
  ) {
    self.name = name
    self.title = title
    self.description = description
    self.unit = unit
    self.decimals = decimals
    self.rules = rules
    self.ratio = ratio
    self.code = code
  }

  /// What one of it is called: the unit, or the name where it has none.
  public var unitName: String { unit ?? name }

  /// A measure that is `of / per * times`, of two measures after each was aggregated; rounded once, half away from zero.
  public struct Ratio: Hashable, Sendable {
    /// The index of the measure above the line.
    public let of: Int
    /// The index of the measure below the line.
    public let per: Int
    /// Such as 10,000 for deaths per 10,000 inhabitants.
    public let times: Int64

    package init(of: Int, per: Int, times: Int64) {
      self.of = of
      self.per = per
      self.times = times
    }
  }
}

/// What several numbers of a measure become along a dimension (MODEL, "aggregation rule").
public enum AggregationRule: String, Hashable, Sendable, CaseIterable {
  /// They are added.
  case sum
  /// The last of each series that has a number stands for it, and series are added.
  case last
  /// The first of each series that has a number stands for it, and series are added.
  case first
  /// The mean over those codes of the dimension that have a number.
  case mean
  /// The greatest of the sums for each code of the dimension.
  case max
  /// The least of the sums for each code of the dimension.
  case min
  /// Nothing: there is no such number.
  case none
}
