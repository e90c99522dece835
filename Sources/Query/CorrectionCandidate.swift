public import Model

/// One number that may have been misprinted or added wrongly: changed so, it would settle the difference between a
/// stated total and its sum. It is a hint for an editor, and nothing follows it by itself.
public struct CorrectionCandidate: Hashable, Sendable {
  /// The number that may be wrong: an observation, or the stated total itself.
  public let statement: Discrepancy.Statement
  /// The number that would settle the difference; for a slip of the one who added, the number as it is.
  public let number: Int64
  /// How the printed number would have come about.
  public let slip: Slip
  /// Stated totals that agree now and would no longer, by their index.
  public let unsettles: [Int]

  package init(statement: Discrepancy.Statement, number: Int64, slip: Slip, unsettles: [Int]) {
    self.statement = statement
    self.number = number
    self.slip = slip
    self.unsettles = unsettles
  }
}

/// The ways in which people get single numbers wrong when they copy them (J. Verhoeff, Error Detecting Decimal Codes,
/// 1969, chapter 2) and when they add them up. The order is that of preference.
public enum Slip: Int, Sendable, CaseIterable {
  /// The sum takes a number in that is a part of others or contested.
  case addedPart
  /// The sum counts the number twice.
  case countedTwice
  /// The sum leaves the number out.
  case leftOut
  /// Two digits side by side have changed places.
  case transposedDigits
  /// The number lacks a digit.
  case droppedDigit
  /// The number has a digit too many.
  case addedDigit
  /// The number is that of the next place or column.
  case takenFromNeighbour
  /// One digit is another.
  case wrongDigit
  /// The source gives no number here.
  case missingNumber

  /// How the printed digits came from the right ones, when one slip explains it.
  public static func ofCopying(_ right: Int64, printed: Int64) -> Slip? {
    guard right >= 0, printed >= 0, right != printed else { return nil }
    let right = Array(String(right).utf8)
    let printed = Array(String(printed).utf8)
    if right.count == printed.count {
      let wrong = right.indices.filter { right[$0] != printed[$0] }
      if wrong.count == 1 { return .wrongDigit }
      let isTransposed =
        wrong.count == 2 && wrong[1] == wrong[0] + 1 && right[wrong[0]] == printed[wrong[1]]
        && right[wrong[1]] == printed[wrong[0]]
      return isTransposed ? .transposedDigits : nil
    }
    if right.count == printed.count + 1 { return lacksOneDigit(printed, of: right) ? .droppedDigit : nil }
    if right.count + 1 == printed.count { return lacksOneDigit(right, of: printed) ? .addedDigit : nil }
    return nil
  }

  /// How many numbers of a scope may fit before the slip explains nothing. Transposed digits differ by a multiple of
  /// nine with just these digits, which is rarely chance.
  package var maximumFits: Int { self == .transposedDigits ? 2 : 1 }

  private static func lacksOneDigit(_ short: [UInt8], of long: [UInt8]) -> Bool {
    let common = zip(short, long).prefix { $0 == $1 }.count
    return short[common...].elementsEqual(long[(common + 1)...])
  }
}
