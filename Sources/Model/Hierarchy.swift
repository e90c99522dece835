/// Which codes of a dimension contain others, and which are only a part of others. A code that contains others is not
/// added to them, and a part is not added to its whole.
public struct Hierarchy: Hashable, Sendable {
  /// By code, the codes that directly contain it; empty for those that nothing contains.
  public let parents: [[Int]]
  /// Codes that contain others although the dataset does not say which, such as `High income`.
  public let aggregates: CodeSet
  /// By code, the code of which it is a part that does not make up the whole, such as the plague of all burials; nil for
  /// those that are no such part.
  public let wholes: [Int?]
  /// By code, what is below it at any depth by `parents`; empty for a code that contains nothing.
  public let descendants: [CodeSet]

  /// For each way in which codes are contained, by code the code that directly contains it.
  public let parentColumns: [[Int?]]

  /// - Parameter parentColumns: for each way in which codes are contained, by code what contains it.
  package init(parentColumns: [[Int?]], aggregates: CodeSet = CodeSet(), wholes: [Int?] = []) {
    let count = parentColumns.first?.count ?? wholes.count
    let parents = (0..<count).map { code in parentColumns.compactMap { $0[code] } }
    self.init(parents: parents, parentColumns: parentColumns, aggregates: aggregates, wholes: wholes)
  }

  package init(parents: [[Int]], aggregates: CodeSet = CodeSet(), wholes: [Int?] = []) {
    let columnCount = parents.map(\.count).max() ?? 0
    let columns = (0..<columnCount).map { column in parents.map { column < $0.count ? $0[column] : nil } }
    self.init(parents: parents, parentColumns: columns, aggregates: aggregates, wholes: wholes)
  }

  private init(parents: [[Int]], parentColumns: [[Int?]], aggregates: CodeSet, wholes: [Int?]) {
    self.parents = parents
    self.parentColumns = parentColumns
    self.aggregates = aggregates
    self.wholes = wholes.isEmpty ? Array(repeating: nil, count: parents.count) : wholes
    var descendants = [CodeSet](repeating: CodeSet(), count: parents.count)
    for code in parents.indices {
      var rest = parents[code]
      // A circle ends, since nothing is looked at twice.
      while let parent = rest.popLast() {
        if descendants[parent].contains(code) { continue }
        descendants[parent].insert(code)
        rest += parents[parent]
      }
    }
    self.descendants = descendants
  }

  /// Whether the code contains others, known or not.
  public func isContainer(_ code: Int) -> Bool { !descendants[code].isEmpty || aggregates.contains(code) }

  /// The codes directly below a code.
  public func children(of code: Int) -> [Int] { parents.indices.filter { parents[$0].contains(code) } }

  /// Those of the codes whose numbers add up, each number once; nil where they do not: since they overlap, or nobody says
  /// whether they do.
  ///
  /// - A part is left out beside anything that is no part. Parts alone have a sum only one by one.
  /// - A code that contains others is left out where any of what it contains is among the codes, and where it is not known
  ///   what it contains, beside any code that contains nothing.
  /// - Codes that contain others add up where they are known to share nothing: one way in which codes are contained has a
  ///   place for each, or it is known what each contains.
  public func addends(among codes: CodeSet) -> CodeSet? {
    var wholes = CodeSet(codes.filter { self.wholes[$0] == nil })
    if wholes.isEmpty { return codes.count <= 1 ? codes : nil }
    if wholes.count == 1 { return wholes }
    wholes = CodeSet(
      wholes.filter { code in
        descendants[code].isEmpty
          ? !aggregates.contains(code) || wholes.allSatisfy { isContainer($0) }
          : descendants[code].intersection(wholes).isEmpty
      })
    if wholes.contains(where: isContainer), !areSiblings(wholes), !areApart(wholes) { return nil }
    return wholes
  }

  /// Whether one way in which codes are contained puts each of them somewhere, and none into another: then they share
  /// nothing, whatever they contain.
  private func areSiblings(_ codes: CodeSet) -> Bool {
    parentColumns.contains { column in
      codes.allSatisfy { code in
        guard var next = column[code] else { return false }
        for _ in column.indices {
          if codes.contains(next) { return false }
          guard let further = column[next] else { break }
          next = further
        }
        return true
      }
    }
  }

  /// Whether those that contain others are known to share none of them.
  private func areApart(_ codes: CodeSet) -> Bool {
    var covered = CodeSet()
    for code in codes where isContainer(code) {
      if descendants[code].isEmpty, codes.count > 1 { return false }
      if !covered.intersection(descendants[code]).isEmpty { return false }
      covered.formUnion(descendants[code])
    }
    return true
  }
}
