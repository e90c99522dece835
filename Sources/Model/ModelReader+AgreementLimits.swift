internal import Base
internal import TabularPackage

/// How exactly stated totals have to agree with their sums.
extension ModelReader {
  /// In units of the measure's last digit, as `StatedTotal` has them.
  typealias AgreementLimits = (tolerance: Int64, rounded: Int64?)

  /// What holds of a stated total that nothing is said of.
  func usualAgreementLimits(of measure: Measure) -> AgreementLimits { layout.usualAgreementLimits(of: measure) }

  /// Of each row of the table of stated totals. Both fields are whole numbers, and either may be missing.
  mutating func readAgreementLimits(
    _ part: DatasetParts.Part, _ table: Table, of measure: Measure
  ) throws(FileChanged) -> [AgreementLimits] {
    var limits = Array(repeating: usualAgreementLimits(of: measure), count: table.rowCount)
    let (tolerance, rounded) = (part.field("tolerance"), part.field("rounded"))
    if tolerance == nil, rounded == nil { return limits }
    var wrong: [(row: Int, field: String, least: Int64)] = []
    try table.forEachRow { index, row in
      if let text = tolerance.flatMap({ row[$0] }) {
        if let number = Int64(text), number >= 0 {
          limits[index].tolerance = Self.units(number, of: measure)
        } else {
          wrong.append((index, "tolerance", 0))
        }
      }
      if let text = rounded.flatMap({ row[$0] }) {
        if let number = Int64(text), number >= 1 {
          limits[index].rounded = number == 1 ? nil : Self.units(number, of: measure)
        } else {
          wrong.append((index, "rounded", 1))
        }
      }
    }
    for (row, field, least) in wrong {
      report(part.resource, row: row, field: field, "must be a whole number, at least \(least)")
    }
    return limits
  }

  private static func units(_ number: Int64, of measure: Measure) -> Int64 { measure.units(number) }
}

extension DatasetLayout {
  /// What holds of a stated total that nothing is said of, in units of the measure's last digit.
  package func usualAgreementLimits(of measure: Measure) -> (tolerance: Int64, rounded: Int64?) {
    let (tolerance, rounded) = (configuration.tolerance, configuration.rounded)
    return (measure.units(Int64(tolerance)), rounded == 1 ? nil : measure.units(Int64(rounded)))
  }
}

extension Measure {
  /// A whole number in units of the last digit; the greatest there is where it does not fit.
  fileprivate func units(_ number: Int64) -> Int64 {
    var units = number
    for _ in 0..<decimals {
      let (product, overflows) = units.multipliedReportingOverflow(by: 10)
      if overflows { return .max }
      units = product
    }
    return units
  }
}
