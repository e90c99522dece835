public import Model

/// One number printed in a source.
public struct Observation: Sendable {
  /// By which it is asked for; empty where keys were not asked for.
  public let key: ObservationKey
  /// A code for each dimension of the model.
  public let codes: [Int]
  /// What stands in the place of the number.
  public let value: ObservedValue
  /// The value as it stands in the file.
  public let printed: String
  /// Whether it enters sums.
  public let role: Role
  /// Where in its source it stands; nil where the dataset does not say it, or it was not asked for.
  public let locus: String?
  /// The source's own words; nil where the dataset has none, or they were not asked for.
  public let quote: String?
  /// The observation that this one is a part of.
  public let whole: ObservationKey?
  /// The indexes of its caveats, ascending.
  public let caveats: [Int]
}

/// Observations in columns, all as long as the batch.
public struct ObservationBatch: Sendable {
  /// By dimension of the model, a code for each observation.
  public let codes: [[UInt32]]
  /// 0 where there is no number.
  public let values: [Int64]
  /// 0 where there is a number, else the index of the reason in the model, plus one.
  public let reasons: [UInt8]
  /// Whether each enters sums.
  public let roles: [Role]
  /// Empty where they were not asked for, as for all texts here.
  public let keys: [String]
  /// The values as they stand in the file.
  public let printed: [String]
  /// Where in their sources they stand; nil where the dataset does not say it.
  public let loci: [String?]
  /// The sources' own words; nil where the dataset has none.
  public let quotes: [String?]
  /// What observations are a part of, by their index in the batch; only of those that are.
  public let wholes: [Int: ObservationKey]
  /// The indexes of caveats, ascending, by the index in the batch; only of observations that have any.
  public let caveats: [Int: [Int]]

  package init(
    codes: [[UInt32]], values: [Int64], reasons: [UInt8], roles: [Role], keys: [String], printed: [String],
    loci: [String?], quotes: [String?], wholes: [Int: ObservationKey], caveats: [Int: [Int]]
  ) {
    self.codes = codes
    self.values = values
    self.reasons = reasons
    self.roles = roles
    self.keys = keys
    self.printed = printed
    self.loci = loci
    self.quotes = quotes
    self.wholes = wholes
    self.caveats = caveats
  }

  /// The number of observations.
  public var count: Int { values.count }
  /// From 0 up to `count`.
  public var indices: Range<Int> { values.indices }

  /// What stands in the place of the number of one of them.
  public func value(_ index: Int) -> ObservedValue {
    reasons[index] == 0 ? .number(values[index]) : .missing(reason: Int(reasons[index]) - 1)
  }

  /// A code for each dimension.
  public func codes(of index: Int) -> [Int] { codes.map { Int($0[index]) } }

  /// One of them, with an array for its codes: for a few. Texts that were not asked for are empty.
  public subscript(index: Int) -> Observation {
    Observation(
      key: ObservationKey(keys.isEmpty ? "" : keys[index]), codes: codes(of: index), value: value(index),
      printed: printed.isEmpty ? "" : printed[index], role: roles[index],
      locus: loci.isEmpty ? nil : loci[index], quote: quotes.isEmpty ? nil : quotes[index], whole: wholes[index],
      caveats: caveats[index] ?? [])
  }
}
