/// Which observations a question is about: for each dimension either all codes or a set of them.
public struct Selection: Hashable, Sendable {
  /// The codes that are allowed in one dimension.
  public struct Restriction: Hashable, Sendable {
    /// Its index in the model.
    public let dimension: Int
    /// At least those of one restriction; empty when two of them have nothing in common.
    public fileprivate(set) var codes: CodeSet
  }

  /// Those of the restricted dimensions only, in the order of the dimensions.
  public private(set) var restrictions: [Restriction] = []

  /// No dimension is restricted.
  public static let all = Selection()

  /// No dimension is restricted, as in `all`.
  public init() {}

  /// The observations with exactly these codes, one for each dimension of the model.
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

  /// This selection with only those codes allowed in that dimension, of those that were allowed before.
  public func restricting(_ dimension: Int, to codes: CodeSet) -> Selection {
    var result = self
    result.restrict(dimension, to: codes)
    return result
  }

  /// Keeps the observations that another selection selects too.
  public mutating func formIntersection(_ other: Selection) {
    for restriction in other.restrictions { restrict(restriction.dimension, to: restriction.codes) }
  }

  /// The observations that both select.
  public func intersection(_ other: Selection) -> Selection {
    var result = self
    result.formIntersection(other)
    return result
  }

  /// Whether an observation with these codes, one for each dimension of the model, is selected.
  public func contains(_ codes: some Collection<Int>) -> Bool {
    restrictions.allSatisfy { restriction in
      restriction.dimension < codes.count
        && restriction.codes.contains(codes[codes.index(codes.startIndex, offsetBy: restriction.dimension)])
    }
  }
}

extension Selection {
  /// The selection with all codes allowed in that dimension.
  public func lifting(_ dimension: Int) -> Selection {
    var result = Selection()
    for restriction in restrictions where restriction.dimension != dimension {
      result.restrict(restriction.dimension, to: restriction.codes)
    }
    return result
  }
}
