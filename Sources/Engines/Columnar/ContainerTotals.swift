internal import Base
internal import Model
internal import Query
internal import TabularPackage

extension ObservationStore {
  /// What is printed of codes that contain others, as totals that the source states of what they contain (MODEL, rule 4):
  /// for each way in which codes are contained, that of its direct parts.
  func totalsOfContainers(_ model: ModelContents, _ layout: DatasetLayout) throws(FileChanged) -> [StatedTotal] {
    var found: [(row: Int, scope: Selection)] = []
    for (index, dimension) in model.dimensions.enumerated() {
      guard let hierarchy = dimension.hierarchy else { continue }
      let children = hierarchy.parentColumns.map { column in
        Dictionary(grouping: column.indices.filter { column[$0] != nil }, by: { column[$0] ?? 0 })
          .mapValues { CodeSet($0) }
      }
      if children.allSatisfy(\.isEmpty) { continue }
      // Where nothing is printed, nothing is stated.
      for row in 0..<columns.count where columns.role(row) == .counted && columns.value(row).number != nil {
        let code = columns.dimensions[index][row]
        for children in children {
          guard let parts = children[code] else { continue }
          var scope = Selection()
          for (other, column) in columns.dimensions.enumerated() {
            scope.restrict(other, to: other == index ? parts : [column[row]])
          }
          // What does not add over the dimension states no sum.
          if model.measures[measure(ofRow: row, model)].rules[index] == .sum { found.append((row, scope)) }
        }
      }
    }
    if found.isEmpty { return [] }
    let sources = layout.source.map { model.dimensions[$0].codes.ids }
    var totals: [StatedTotal] = []
    for start in stride(from: 0, to: found.count, by: 2048) {
      let block = found[start..<min(start + 2048, found.count)]
      let texts = try self.texts.columns(ofRows: block.map(\.row), [.keys, .loci, .quotes])
      for (place, (row, scope)) in block.enumerated() {
        let measure = measure(ofRow: row, model)
        let limits = layout.usualAgreementLimits(of: model.measures[measure])
        totals.append(
          StatedTotal(
            id: texts.keys[place], measure: measure, value: columns.value(row),
            source: layout.source.flatMap { sources?[columns.dimensions[$0][row]] },
            locus: texts.loci.isEmpty ? nil : texts.loci[place],
            quote: texts.quotes.isEmpty ? nil : texts.quotes[place], scope: scope, tolerance: limits.tolerance,
            rounded: limits.rounded, isOfContainer: true))
      }
    }
    return totals
  }

  private func measure(ofRow row: Int, _ model: ModelContents) -> Int {
    guard let index = model.measureIndex else { return 0 }
    let code = columns.dimensions[index][row]
    return model.measures.firstIndex { $0.code == code } ?? 0
  }
}
