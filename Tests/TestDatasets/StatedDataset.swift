package import Model
package import TestSupport

/// A random dataset in which sources state totals of random scopes, and what its rows are, for an answer by hand.
package struct StatedDataset {
  package struct Row {
    package let codes: [Int]
    package let value: Int64?
    package let role: Role
    /// The row that it is a part of.
    package let whole: Int?
  }

  package struct Total {
    package let scope: Selection
    package var stated: Int64
    package var tolerance = ""
    package var rounded = ""

    package init(scope: Selection, stated: Int64, tolerance: String = "", rounded: String = "") {
      self.scope = scope
      self.stated = stated
      self.tolerance = tolerance
      self.rounded = rounded
    }
  }

  package let shape: [Int]
  package let rows: [Row]
  package var totals: [Total]

  /// - Parameter partShare: of a hundred observations, how many are parts of others.
  package init(_ random: inout SplitMix, shape: [Int], rowCount: Int, totalCount: Int, partShare: Int = 15) {
    self.shape = shape
    rows = (0..<rowCount).map { row in
      let lot = Int.random(in: 0..<100, using: &random)
      let role: Role = lot < partShare ? .ofWhich : lot < partShare + 5 ? .contested : .counted
      return Row(
        codes: shape.map { Int.random(in: 0..<$0, using: &random) },
        value: Int.random(in: 0..<8, using: &random) == 0 ? nil : Int64.random(in: 0...5000, using: &random),
        role: role,
        whole: role == .ofWhich && row > 0 && Bool.random(using: &random)
          ? Int.random(in: 0..<row, using: &random) : nil)
    }
    totals = []
    for _ in 0..<totalCount {
      totals.append(
        Total(scope: Self.selection(&random, shape: shape), stated: Int64.random(in: 0...20_000, using: &random)))
    }
    // Some state what their numbers come to.
    for index in totals.indices where Bool.random(using: &random) {
      totals[index].stated = rows(of: totals[index].scope).reduce(0) { $0 + (rows[$1].value ?? 0) }
    }
  }

  package init(seed: UInt64, shape: [Int], rowCount: Int, totalCount: Int, partShare: Int = 15) {
    var random = SplitMix(seed: seed)
    self.init(&random, shape: shape, rowCount: rowCount, totalCount: totalCount, partShare: partShare)
  }

  /// Few codes of each dimension, or all of it.
  package static func selection(_ random: inout SplitMix, shape: [Int]) -> Selection {
    var selection = Selection.all
    for dimension in shape.indices where Int.random(in: 0..<4, using: &random) > 0 {
      let count = Int.random(in: 1...max(1, min(3, shape[dimension])), using: &random)
      selection.restrict(
        dimension, to: CodeSet((0..<count).map { _ in Int.random(in: 0..<shape[dimension], using: &random) }))
    }
    return selection
  }

  /// Those of the counted observations of a scope, or where there are none those of parts: found by looking at each.
  package func rows(of scope: Selection) -> [Int] {
    let selected = rows.indices.filter { scope.contains(rows[$0].codes) }
    let counted = selected.filter { rows[$0].role == .counted }
    return counted.isEmpty ? selected.filter { rows[$0].role == .ofWhich } : counted
  }

  package func dataset() throws -> TemporaryDataset {
    let dataset = try TemporaryDataset()
    dataset.repeated = .add
    for (dimension, count) in shape.enumerated() {
      try dataset.codeList("list_\(dimension)", "id\n" + (0..<count).map { "c\($0)\n" }.joined())
    }
    let names = shape.indices.map { "d\($0)" }
    var csv = "id,\(names.joined(separator: ",")),value,role,part_of\n"
    for (index, row) in rows.enumerated() {
      let codes = row.codes.map { "c\($0)" }.joined(separator: ",")
      csv +=
        "o\(index),\(codes),\(row.value.map(String.init) ?? "-"),\(row.role.name),\(row.whole.map { "o\($0)" } ?? "")\n"
    }
    let texts = (["id"] + names).map { "{\"name\": \"\($0)\"}" }.joined(separator: ", ")
    let value = #"{"name": "value", "type": "integer", "missingValues": ["-", ""]}"#
    try dataset.table(
      "observations", csv, fields: "\(texts), \(value), {\"name\": \"role\"}, {\"name\": \"part_of\"}",
      schema: "\"primaryKey\": \"id\", \"foreignKeys\": ["
        + (shape.indices.map { foreignKey("d\($0)", "list_\($0)") } + [foreignKey("part_of", "")]).joined(
          separator: ", ")
        + "]")
    var stated = "id,value,tolerance,rounded\n"
    var scopes = "stated_total,dimension,code\n"
    for (index, total) in totals.enumerated() {
      stated += "t\(index),\(total.stated),\(total.tolerance),\(total.rounded)\n"
      for restriction in total.scope.restrictions {
        for code in restriction.codes { scopes += "t\(index),d\(restriction.dimension),c\(code)\n" }
      }
    }
    try dataset.table(
      "stated_totals", stated,
      fields: "{\"name\": \"id\"}, \(value), {\"name\": \"tolerance\", \"type\": \"integer\"}, "
        + "{\"name\": \"rounded\", \"type\": \"integer\"}", schema: "\"primaryKey\": \"id\"")
    try dataset.table(
      "stated_total_scopes", scopes,
      schema: "\"foreignKeys\": [\(foreignKey("stated_total", "stated_totals"))]")
    return dataset
  }
}
