/// Which observations a question is about: for each dimension either all codes or a set of them.
public struct Selection: Hashable, Sendable {
  /// The restricted dimensions only, by their index in the snapshot.
  public private(set) var restrictions: [Int: CodeSet] = [:]

  public static let all = Selection()

  public init() {}

  /// The codes allowed in that dimension; nil when all are.
  public subscript(dimension: Int) -> CodeSet? { restrictions[dimension] }

  /// Allows only those codes in that dimension, and of them only those that were allowed before.
  public mutating func restrict(_ dimension: Int, to codes: CodeSet) {
    restrictions[dimension] = restrictions[dimension]?.intersection(codes) ?? codes
  }

  public func restricting(_ dimension: Int, to codes: CodeSet) -> Selection {
    var result = self
    result.restrict(dimension, to: codes)
    return result
  }

  public mutating func formIntersection(_ other: Selection) {
    for (dimension, codes) in other.restrictions { restrict(dimension, to: codes) }
  }

  public func intersection(_ other: Selection) -> Selection {
    var result = self
    result.formIntersection(other)
    return result
  }

  /// Whether an observation with these codes, one for each dimension of the snapshot, is selected.
  public func contains(_ codes: some Collection<Int>) -> Bool {
    restrictions.allSatisfy { dimension, allowed in
      dimension < codes.count && allowed.contains(codes[codes.index(codes.startIndex, offsetBy: dimension)])
    }
  }
}
