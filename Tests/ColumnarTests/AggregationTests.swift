import Columnar
import Model
import Query
import TestDatasets
import TestSupport
import Testing

/// Sums of random datasets, held against the plainest way to add.
struct AggregationTests {
  private struct Row {
    let codes: [Int]
    let value: Int64?
    let role: Role
    let reason: Int
    let caveat: Int?
  }

  private static func rows(_ random: inout SplitMix, shape: [Int], count: Int) -> [Row] {
    (0..<count).map { _ in
      let roles: [Role] = [.counted, .counted, .counted, .ofWhich, .contested]
      return Row(
        codes: shape.map { Int.random(in: 0..<$0, using: &random) },
        value: Int.random(in: 0..<5, using: &random) == 0 ? nil : Int64.random(in: -1000...1000, using: &random),
        role: roles.randomElement(using: &random) ?? .counted, reason: Int.random(in: 0..<2, using: &random),
        caveat: Int.random(in: 0..<20, using: &random) == 0 ? Int.random(in: 0..<3, using: &random) : nil)
    }
  }

  private static func dataset(_ rows: [Row], shape: [Int]) throws -> TemporaryDataset {
    let dataset = try TemporaryDataset()
    for (dimension, count) in shape.enumerated() {
      try dataset.codeList("list_\(dimension)", "id\n" + (0..<count).map { "c\($0)\n" }.joined())
    }
    let names = shape.indices.map { "d\($0)" }
    var csv = "id,\(names.joined(separator: ",")),value,role\n"
    var caveats = "observation,caveat\n"
    for (index, row) in rows.enumerated() {
      let codes = row.codes.map { "c\($0)" }.joined(separator: ",")
      csv += "o\(index),\(codes),\(row.value.map(String.init) ?? ["-", ""][row.reason]),\(row.role.name)\n"
      if let caveat = row.caveat { caveats += "o\(index),v\(caveat)\n" }
    }
    let texts = (["id"] + names).map { "{\"name\": \"\($0)\"}" }.joined(separator: ", ")
    try dataset.table(
      "observations", csv,
      fields: texts + #", {"name": "value", "type": "integer", "missingValues": ["-", ""]}, {"name": "role"}"#,
      schema: "\"primaryKey\": \"id\", \"foreignKeys\": ["
        + shape.indices.map { foreignKey("d\($0)", "list_\($0)") }.joined(separator: ", ") + "]")
    try dataset.codeList("caveats", "id,text\nv0,a\nv1,b\nv2,c\n")
    try dataset.table(
      "observation_caveats", caveats,
      schema: "\"foreignKeys\": [\(foreignKey("observation", "observations")), \(foreignKey("caveat", "caveats"))]")
    return dataset
  }

  private static func plainSums(_ rows: [Row], for query: AggregateQuery) throws -> [[Int]: Aggregate] {
    var groups: [[Int]: Aggregate] = [:]
    for row in rows where query.selections.contains(where: { $0.contains(row.codes) }) {
      var one = Aggregate()
      switch row.role {
      case .ofWhich:
        one.ofWhich = 1
        one.parts.sum = row.value.map { Int128($0) }
        one.parts.numbers = row.value == nil ? 0 : 1
        one.parts.missing = row.value == nil ? 1 : 0
      case .contested: one.contested = 1
      case .counted:
        one.observations = 1
        one.numbers = row.value == nil ? 0 : 1
        one.sum = row.value.map { Int128($0) }
        if row.value == nil { one.missing = row.reason == 0 ? [1, 0] : [0, 1] }
        one.caveats = row.caveat.map { [$0] } ?? []
      }
      try groups[query.dimensions.map { row.codes[$0] }, default: .empty].formUnion(one)
    }
    return groups
  }

  private static func randomSelection(_ random: inout SplitMix, shape: [Int]) -> Selection {
    var selection = Selection.all
    for dimension in shape.indices where Bool.random(using: &random) {
      let codes = (0..<shape[dimension]).filter { _ in Bool.random(using: &random) }
      selection.restrict(dimension, to: CodeSet(codes))
    }
    return selection
  }

  private static func filled(_ aggregation: Aggregation) -> [[Int]: Aggregate] {
    var filled: [[Int]: Aggregate] = [:]
    for cell in 0..<aggregation.count where aggregation[cell: cell] != .empty {
      filled[aggregation.codes(ofCell: cell)] = aggregation[cell: cell]
    }
    return filled
  }

  @Test("cube and scan, on any number of threads, add up as by hand", arguments: 0..<6)
  func methods(seed: Int) async throws {
    var random = SplitMix(seed: UInt64(seed))
    let shape = [[5, 3, 4], [300, 2, 7], [1, 70_000, 2], [6, 2, 2, 3, 2], [2, 9], [40, 40]][seed]
    let rows = Self.rows(&random, shape: shape, count: [0, 3000, 500, 1500, 1, 2500][seed])
    let dataset = try Self.dataset(rows, shape: shape)
    dataset.repeated = .add
    for threads in [1, 3] {
      let engine = try await dataset.load(place: "d0", breakdown: "d1", measure: "value", threads: threads)
      #expect(engine.hasCube == (shape.reduce(1, *) <= 65_536))
      for round in 0..<12 {
        let dimensions = Array(shape.indices.shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random)))
        // Alternatives may overlap; what two of them select counts once.
        let selections = (0...round % 3).map { _ in Self.randomSelection(&random, shape: shape) }
        let query = AggregateQuery(by: dimensions, where: selections)
        let expected = try Self.plainSums(rows, for: query)
        #expect(try await Self.filled(engine.aggregate(query)) == expected, "by \(dimensions)")
        #expect(try await Self.filled(engine.scan(query)) == expected, "scan by \(dimensions)")
      }
    }
  }

  @Test("a scan of many rows is the same on one thread and on several")
  func manyRows() async throws {
    var random = SplitMix(seed: 99)
    let shape = [7, 300, 2]
    let rows = Self.rows(&random, shape: shape, count: 200_000)
    let dataset = try Self.dataset(rows, shape: shape)
    dataset.repeated = .add
    let one = try await dataset.load(place: "d0", breakdown: "d1", measure: "value", threads: 1)
    let several = try await dataset.load(place: "d0", breakdown: "d1", measure: "value", threads: 4)
    #expect(one.model.revision == several.model.revision)
    let query = AggregateQuery(by: [2, 0], where: [Selection().restricting(1, to: CodeSet(0..<150))])
    #expect(one.hasCube)
    let expected = try await one.aggregate(query)
    let found = try await several.scan(query)
    for cell in 0..<expected.count { #expect(found[cell: cell] == expected[cell: cell]) }
  }

  @Test("a sum beyond 64 bits is exact")
  func overflow() async throws {
    let dataset = try plainDataset(
      """
      here,old,9223372036854775807
      here,new,1
      there,old,9223372036854775807
      there,new,-9223372036854775808

      """)
    let engine = try await dataset.load(place: "place", breakdown: "kind", measure: "count")
    let cells = try await engine.aggregate(by: [0, 1])
    #expect(cells[0, 0].sum == Int128(Int64.max) && cells[1, 1].sum == Int128(Int64.min))
    #expect(try await engine.aggregate(by: [0])[0].sum == Int128(Int64.max) + 1)
    #expect(try await engine.aggregate(by: [1])[0].sum == 2 * Int128(Int64.max))
    #expect(try await engine.total(where: Selection().restricting(0, to: [1])).sum == -1)
    #expect(try await engine.total().sum == Int128(Int64.max))
  }
}
