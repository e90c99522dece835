import ReportKit
import Testing
import TransformPlugins

@Suite("sort orders rows, and changes nothing else")
struct SortTests {
  private func order(_ inputs: KeyValuePairs<String, ParameterInput>) async throws -> [String] {
    try await Contents(apply(Sort(), inputs, to: countries())).rows.map { $0[0].value.description }
  }

  @Test func byOneColumnEqualRowsKeepTheirOrder() async throws {
    #expect(try await order(["by": "released"]) == ["japan", "poland", "france", "germany"])
    #expect(try await order(["by": "released", "descending": "true"]) == ["germany", "poland", "france", "japan"])
  }

  @Test func bySeveralColumnsTheFirstOneFirst() async throws {
    #expect(try await order(["by": ["released", "country"]]) == ["japan", "france", "poland", "germany"])
    #expect(
      try await order(["by": ["released", "country"], "descending": "true"]) == [
        "germany", "poland", "france", "japan",
      ])
  }

  @Test func eachColumnMayHaveItsOwnDirection() async throws {
    #expect(
      try await order(["by": ["bloc": "descending", "released": "ascending"]]) == [
        "france", "germany", "poland", "japan",
      ])
  }

  @Test("What is missing comes last in either direction", arguments: ["true", "false"])
  func missing(descending: String) async throws {
    let input = ParameterInput.text(descending)
    #expect(try await order(["by": "remaining", "descending": input]).last == "japan")
  }

  @Test func notesTotalsAndProvenanceGoThrough() async throws {
    let before = try await Contents(countries())
    let after = try await Contents(apply(Sort(), ["by": "released"], to: countries()))
    #expect(after.notes == before.notes)
    #expect(after.totals == before.totals)
    #expect(Set(after.rows) == Set(before.rows))
  }

  @Test func decimalsAreOrderedAsNumbers() async throws {
    let cells = [
      ExactDecimal(units: 95, scale: 1), ExactDecimal(units: 1000, scale: 1), ExactDecimal(units: -5, scale: 1),
    ]
    let columns = [Column(name: "n", title: "N", kind: .decimal)]
    let table = Table(
      columns: columns, batches: Batches([cells.map { Row([Cell(.decimal($0))]) }], columns: columns))
    #expect(try await Contents(apply(Sort(), ["by": "n"], to: table)).text == ["-0.5", "9.5", "100.0"])
  }

  @Test func moreThanTheMemoryOfAStepIsAnErrorThatNamesTheLimit() async throws {
    let taken = Counter()
    let rows = (0..<100).map { Row([.integer($0)]) }
    let columns = [Column(name: "n", title: "N", kind: .integer)]
    let table = Table(
      columns: columns, batches: Batches([[Row]](repeating: rows, count: 50), columns: columns, taken: taken))
    let sorted = try await apply(Sort(), ["by": "n"], to: table, memory: 5000)
    let error = await #expect(throws: StepMemoryExceeded.self) { try await Contents(sorted) }
    #expect(error == StepMemoryExceeded(step: "sort", limit: 5000))
    #expect(
      error?.description
        == "sort must hold rows of more than 5000 bytes; limits.step_memory in the configuration sets that limit")
    // It stops at the limit, not behind it.
    #expect(taken.value < 10)
  }

  @Test func allStepsTogetherHoldNoMoreThanTheirPool() async throws {
    let pool = StepMemoryPool(limit: 1500)
    let limits = StepLimits(pool: pool)
    do {
      var first = StepMemory(step: "sort", within: limits)
      try first.hold(1000)
      #expect(pool.heldByteCount == 1000)
      var second = StepMemory(step: "pivot", within: limits)
      try second.hold(500)
      let error = #expect(throws: StepMemoryExceeded.self) { try second.hold(1) }
      #expect(error == StepMemoryExceeded(step: "pivot", limit: 1500, key: "limits.run_memory"))
      #expect(
        error?.description == """
          pivot must hold rows, and with them the steps of all runs together would hold more than 1500 bytes; \
          limits.run_memory in the configuration sets that limit
          """)
      withExtendedLifetime(first) {}
    }
    #expect(pool.heldByteCount == 0, "what is not held any more is given back")
    var next = StepMemory(step: "sort", within: limits)
    try next.hold(1500)
  }

  @Test(
    "A wrong order is refused",
    arguments: [
      (["by": "relesed"], ["unknown column \"relesed\" for by of sort; did you mean \"released\"?"]),
      (
        ["by": ["released", "country", "released", "blok"]],
        [
          "by of sort names \"released\" twice",
          "unknown column \"blok\" for by of sort; did you mean \"bloc\"?",
        ]
      ),
      (
        ["by": ["released": "down", "x": "ascending"]],
        [
          "unknown direction \"down\" for by of sort; there are: ascending, descending",
          "unknown column \"x\" for by of sort; there are: country, bloc, released, remaining",
        ]
      ),
      (["by": []], ["by of sort must have at least one entry"]),
      (["by": ["released": ["a"]]], ["an entry of by of sort must be ascending or descending, not a list"]),
      (["by": "released, country"], ["unknown column \"released, country\" for by of sort; write [released, country]"]),
      (
        ["released": "descending"],
        [
          "unknown parameter \"released\" of sort; it is a column: write by: released",
          "sort needs the parameter \"by\"",
        ]
      ),
      (
        ["by": ["released": "ascending"], "descending": "true"],
        ["descending of sort: by gives each column its direction"]
      ),
    ] as [(KeyValuePairs<String, ParameterInput>, [String])])
  func refused(inputs: KeyValuePairs<String, ParameterInput>, messages: [String]) async {
    await #expect(throws: Refusal(messages: messages)) { _ = try await apply(Sort(), inputs, to: countries()) }
  }
}
