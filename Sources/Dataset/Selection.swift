/// Which observations a question is about: for each dimension either all codes or a set of them.
public struct Selection: Hashable, Sendable {
  /// The codes that are allowed in one dimension.
  public struct Restriction: Hashable, Sendable {
    /// Its index in the snapshot.
    public let dimension: Int
    public fileprivate(set) var codes: CodeSet
  }

  /// Those of the restricted dimensions only, in the order of the dimensions.
  public private(set) var restrictions: [Restriction] = []

  public static let all = Selection()

  public init() {}

  /// The observations with exactly these codes, one for each dimension of the snapshot.
  public init(codes: [Int]) {
    restrictions = codes.enumerated().map { dimension, code in
      var codes = CodeSet()
      codes.insert(code)
      return Restriction(dimension: dimension, codes: codes)
    }
  }

  /// The codes allowed in that dimension; nil when all are.
  public subscript(dimension: Int) -> CodeSet? { restrictions.first { $0.dimension == dimension }?.codes }

  /// Allows only those codes in that dimension, and of them only those that were allowed before.
  public mutating func restrict(_ dimension: Int, to codes: CodeSet) {
    let index = restrictions.firstIndex { $0.dimension >= dimension } ?? restrictions.count
    if index < restrictions.count, restrictions[index].dimension == dimension {
      restrictions[index].codes.formIntersection(codes)
    } else {
      restrictions.insert(Restriction(dimension: dimension, codes: codes), at: index)
    }
  }

  public func restricting(_ dimension: Int, to codes: CodeSet) -> Selection {
    var result = self
    result.restrict(dimension, to: codes)
    return result
  }

  public mutating func formIntersection(_ other: Selection) {
    for restriction in other.restrictions { restrict(restriction.dimension, to: restriction.codes) }
  }

  public func intersection(_ other: Selection) -> Selection {
    var result = self
    result.formIntersection(other)
    return result
  }

  /// Whether an observation with these codes, one for each dimension of the snapshot, is selected.
  public func contains(_ codes: some Collection<Int>) -> Bool {
    restrictions.allSatisfy { restriction in
      restriction.dimension < codes.count
        && restriction.codes.contains(codes[codes.index(codes.startIndex, offsetBy: restriction.dimension)])
    }
  }
}
