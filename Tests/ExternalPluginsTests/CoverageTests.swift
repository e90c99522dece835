import ExternalPlugins
import ReportKit
import TestSupport
import Testing

/// What numbers lack goes with them through a plugin, whether it passes it on or not.
@Suite(.blocking, .timeLimit(.minutes(10))) struct CoverageTests {
  private let coverage = Coverage(numbers: 3, lacks: [Coverage.Lack(reason: "withheld", count: 2)])
  private let bounds = Bounds(lower: ExactDecimal("280"), upper: nil)
  private let withheld = Missing(symbol: "*", label: "withheld")

  private var input: Table {
    table([
      [
        Row([.text("a"), Cell(.integer(300), coverage: coverage, bounds: bounds)]), Row([.text("b"), .integer(2)]),
        Row([.text("c"), Cell(.missing(withheld))]), Row([.text("d"), .empty]),
        Row([.text("e"), Cell(.missing(.notAdditive("Persons does not add over Year")))]),
        Row([.text("f"), Cell(.missing(Missing(symbol: "–", label: "nil", kind: .nothing)))]),
        Row([.text("g"), Cell(.missing(Missing(symbol: "(×)", label: "incomplete", kind: .incomplete)))]),
      ]
    ])
  }

  private func cells(_ script: String) async throws -> [Cell] {
    let workshop = try Workshop()
    return try await run(try workshop.transform(script), on: .test(), input).map { $0[1] }
  }

  @Test func aPluginReadsIt() async throws {
    let workshop = try Workshop()
    let error = await #expect(throws: PluginFailure.self) {
      try await run(try workshop.transform("tail -n +2 | grep -E '\"[ae]\"' >&2; exit 1"), on: .test(), input)
    }
    #expect(
      error?.standardError == #"""
        {"country":"a","persons":300,"@rows":[0],"@coverage":{"persons":{"numbers":3,"expected":5,"lacking":[{"reason":"withheld","count":2}],"lower":280,"upper":null}}}
        {"country":"e","persons":null,"@rows":[4],"@missing":{"persons":{"symbol":"×","label":"not additive: Persons does not add over Year","kind":"not_additive"}}}

        """#)
  }

  @Test func wholeLinesKeepEverything() async throws {
    #expect(try await cells("tail -n +2") == (try await readAll(input).rows.map { $0[1] }))
    #expect(
      try await cells("tail -n +2 | sed 's/\"@coverage.*/\"@x\":1}/; s/,\"@x\":1//'")
        == (try await readAll(input).rows.map { $0[1] }))
  }

  @Test func aSumThatAPluginMakesLacksWhatItsRowsLack() async throws {
    let script = { (rows: String) in #"cat > /dev/null; echo '{"country":"A","persons":302,"@rows":["# + rows + "]}'" }
    let some = Coverage(
      numbers: 4, lacks: [Coverage.Lack(reason: "withheld", count: 3)])
    #expect(
      try await cells(script("0,1,2,3")) == [
        Cell(.integer(302), coverage: some, bounds: Bounds(lower: nil, upper: nil))
      ])
    #expect(
      try await cells(script("1,2")) == [
        Cell(.integer(302), coverage: Coverage(numbers: 1, lacks: [Coverage.Lack(reason: "withheld", count: 1)]))
      ])
    #expect(try await cells(script("1,5")) == [.integer(302)])
    #expect(try await cells(script("1,3")) == [.integer(302)])
  }

  @Test func ofANumberUnderAnotherNameItIsToldInWords() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.manifest(
      #"cat > /dev/null; echo '{"share":1.5,"@rows":[0,1]}'"#,
      """
      name: test-plugin
      kind: transform
      summary: Under test
      command: [./plugin]
      columns: [{ name: share, kind: decimal }]
      """)
    let rows = try await run(manifest, on: .test(), input)
    #expect(
      rows.map { $0[0].notes } == [
        [Note(.coverage, "Persons: 4 of 6 numbers; 2 withheld"), Note(.coverage, "Persons: includes estimates")]
      ])
  }

  @Test func aPluginMayTellItItself() async throws {
    let line =
      #"{"country":"A","persons":1,"@rows":[2],"@coverage":{"persons":{"numbers":7,"lacking":[{"reason":"lost","count":1}],"lower":"1.50"}}}"#
    #expect(
      try await cells("cat > /dev/null; echo '\(line)'") == [
        Cell(
          .integer(1), coverage: Coverage(numbers: 7, lacks: [Coverage.Lack(reason: "lost", count: 1)]),
          bounds: Bounds(lower: ExactDecimal("1.50"), upper: nil))
      ])
  }

  @Test(
    arguments: [
      (#""@coverage":{"persons":7}"#, #""@coverage" of "persons" is not an object but an integer"#),
      (
        #""@coverage":{"persons":{"number":7}}"#,
        #""@coverage" of "persons" has the unknown member "number"; there are: numbers, expected, lacking, lower, upper"#
      ),
      (#""@coverage":{"persons":{"numbers":-1}}"#, #""@coverage" of "persons" wants "numbers" to be a count"#),
      (#""@coverage":{"persons":{"expected":2}}"#, #""@coverage" of "persons" lacks "numbers""#),
      (
        #""@coverage":{"persons":{"numbers":1,"expected":3,"lacking":[{"reason":"lost","count":1}]}}"#,
        #""@coverage" of "persons" says that 3 are expected, where 1 of 2 numbers; 1 lost"#
      ),
      (
        #""@coverage":{"persons":{"numbers":1,"lacking":["lost"]}}"#,
        #""@coverage" of "persons" wants "lacking" to be a list of objects with "reason" and "count""#
      ),
      (#""@coverage":{"persons":{"lower":"much"}}"#, #""@coverage" of "persons" wants "lower" to be a number or null"#),
      (
        #""@missing":{"persons":{"symbol":"x","label":"y","kind":"gone"}}"#,
        #""@missing" of "persons" has the unknown kind "gone"; there are: no_number, nil, not_additive, incomplete"#
      ),
    ])
  func whatItIsNotIsRefused(member: String, problem: String) throws {
    let columns = [FrameColumn(Column(name: "persons", title: "Persons", kind: .integer))]
    #expect(throws: FrameError(problem)) {
      try FrameRow(parsing: Array("{\"persons\":null,\(member)}".utf8), columns: columns)
    }
  }

  /// Each is as large as a count may be, and 64 bits do not hold their sum.
  @Test func countsThatAddUpToMoreThan64BitsAreTheGreatest() throws {
    let columns = [FrameColumn(Column(name: "persons", title: "Persons", kind: .integer))]
    let lack = #"{"reason":"lost","count":281474976645120}"#
    let lacking = Array(repeating: lack, count: 40_000).joined(separator: ",")
    let line = #"{"persons":1,"@coverage":{"persons":{"numbers":281474976645120,"lacking":[\#(lacking)]}}}"#
    let coverage = try #require(try FrameRow(parsing: Array(line.utf8), columns: columns).cells[0].coverage)
    #expect(coverage.lacks == [Coverage.Lack(reason: "lost", count: .max)])
    #expect(coverage.expected == .max)
    var sum = Coverage(numbers: .max)
    sum.formUnion(Coverage(numbers: 1))
    #expect(sum == Coverage(numbers: .max))
  }
}
