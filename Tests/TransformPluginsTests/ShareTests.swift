import ReportKit
import TestSupport
import Testing
import TransformPlugins

@Suite("share tells what percentage of a column's sum each row is")
struct ShareTests {
  /// The shares of numbers, as they are shown.
  private func shares(_ values: [Int64?], digits: Int = 1, rounding: String = "half_away") async throws -> [String] {
    let inputs: KeyValuePairs<String, ParameterInput> = [
      "of": "n", "digits": .text("\(digits)"), "rounding": .text(rounding),
    ]
    return try await Contents(apply(Share(), inputs, to: numbers(values))).rows.map { $0[1].value.description }
  }

  @Test func eachShareIsRoundedByItselfHalfAwayFromZero() async throws {
    #expect(try await shares([1, 1, 1]) == ["33.3", "33.3", "33.3"])
    // 12.5 and 87.5
    #expect(try await shares([1, 7], digits: 0) == ["13", "88"])
    // 0.05 and 99.95
    #expect(try await shares([1, 1999]) == ["0.1", "100.0"])
    // 0.0499… is less than a half.
    #expect(try await shares([4999, 9_995_001]) == ["0.0", "100.0"])
    #expect(try await shares([1, 2], digits: 6) == ["33.333333", "66.666667"])
  }

  @Test func halfOfANegativeNumberIsRoundedAwayFromZeroToo() async throws {
    #expect(try await shares([-1, 9], digits: 0) == ["-13", "113"])
    // Of a negative sum.
    #expect(try await shares([1, -9], digits: 0) == ["-13", "113"])
    #expect(try await shares([-1, -7], digits: 0) == ["13", "88"])
  }

  @Test func theLargestRemainderAddsUpTo100() async throws {
    #expect(try await shares([1, 1, 1], rounding: "largest_remainder") == ["33.4", "33.3", "33.3"])
    #expect(try await shares([1, 7], digits: 0, rounding: "largest_remainder") == ["13", "87"])
    #expect(try await shares([2, 2, 3], digits: 0, rounding: "largest_remainder") == ["29", "28", "43"])
  }

  @Test("Of any numbers the largest remainder adds up to 100, and no share is off by a unit of its last digit or more")
  func anyNumbers() async throws {
    var random = SplitMix(seed: 4)
    for _ in 0..<300 {
      let digits = Int.random(in: 0...6, using: &random)
      let bound: Int64 = [9, 5000, .max].randomElement(using: &random) ?? 9
      let values = (0..<Int.random(in: 1...40, using: &random)).map { _ in
        Int64.random(in: 0..<3, using: &random) == 0 ? nil : Int64.random(in: 0...bound, using: &random)
      }
      let sum = values.reduce(Int128(0)) { $0 + Int128($1 ?? 0) }
      guard sum > 0, Int64(exactly: sum) != nil else { continue }
      let whole = (0..<digits).reduce(Int128(100)) { units, _ in units * 10 }
      for rounding in ["half_away", "largest_remainder"] {
        let inputs: KeyValuePairs<String, ParameterInput> = [
          "of": "n", "digits": .text("\(digits)"), "rounding": .text(rounding),
        ]
        let contents = try await Contents(apply(Share(), inputs, to: numbers(values)))
        var total: Int128 = 0
        for (row, value) in zip(contents.rows, values) {
          guard let value else {
            #expect(row[1].value == .missing(dash))
            continue
          }
          guard case .decimal(let share) = row[1].value else {
            Issue.record("\(row)")
            continue
          }
          #expect(share.scale == digits)
          total += Int128(share.units)
          // |share - exact| in units of the last digit, times the sum.
          let error = (Int128(share.units) * sum - Int128(value) * whole).magnitude
          #expect(rounding == "half_away" ? 2 * error <= sum.magnitude : error < sum.magnitude)
        }
        if rounding == "largest_remainder" { #expect(total == whole) }
      }
    }
  }

  @Test func theLargestNumbersAreExact() async throws {
    #expect(try await shares([.max, 0], digits: 6) == ["100.000000", "0.000000"])
    #expect(try await shares([.max / 2, .max / 2 + 1], digits: 1) == ["50.0", "50.0"])
  }

  @Test func aSumBeyondWhatACellCanHoldIsAnError() async throws {
    let table = try await apply(Share(), ["of": "n"], to: largestNumbers([.max, 1]))
    await #expect(performing: { try await Contents(table) }, throws: { "\($0)".contains("beyond the numbers") })
  }

  @Test func decimalsHaveSharesToo() async throws {
    let cells = ["0.5", "1.50", "2"].compactMap { ExactDecimal($0) }.map { Row([Cell(.decimal($0))]) }
    let columns = [Column(name: "n", title: "N", kind: .decimal, total: .sum)]
    let table = Table(columns: columns, batches: Batches([cells], columns: columns))
    #expect(try await Contents(apply(Share(), ["of": "n"], to: table)).text == ["0.5|12.5", "1.50|37.5", "2|50.0"])
  }

  @Test func theColumnStandsBehindTheOneThatItIsOf() async throws {
    let contents = try await Contents(apply(Share(), ["of": "released"], to: countries()))
    #expect(contents.columns.map(\.name) == ["country", "bloc", "released", "released_share", "remaining"])
    let column = contents.columns[3]
    #expect(column.title == "Released, %")
    #expect(column.kind == .decimal && column.unit == "percent" && column.total == .none)
    #expect(
      contents.text == [
        "poland|east|190|3.2|5", "germany|west|5614|93.4|0", "japan||16|0.3|–", "france|west|190|3.2|7",
        "computed: Total||6010|100.0|12", "stated: Stated||6000|…|",
      ])
    #expect(
      contents.totals[1].row[3].value
        == .missing(Missing(symbol: "…", label: "not the sum that the shares are of")))
  }

  @Test func aShareStandsOnTheObservationsOfItsNumberAndCarriesItsCaveats() async throws {
    let contents = try await Contents(apply(Share(), ["of": "released"], to: countries()))
    #expect(try contents.provenance(1, "released_share") == [both(1, 0)])
    #expect(contents.rows[1][3].notes == [Note(.caveat, "As of July")])
    #expect(contents.rows[0][3].notes == [])
    #expect(
      contents.notes.last
        == "Shares of released are percentages of 6010, its sum over all 4 rows; they are rounded to 1 digit behind the "
        + "point, each by itself and half away from zero; they need not add up to 100. What is said of one of these "
        + "numbers bears on every share")
  }

  @Test func whatIsMissingStaysMissingAndIsCounted() async throws {
    let contents = try await Contents(
      apply(Share(), ["of": "remaining", "as": "stay", "digits": "0"], to: countries()))
    #expect(contents.rows.map { $0[4].value.description } == ["42", "0", "–", "58"])
    #expect(contents.columns[4].name == "stay")
    #expect(contents.notes.last?.contains("12, its sum over all 4 rows, of which 1 has no number;") == true)
  }

  @Test func ofATotalOfZeroThereAreNoShares() async throws {
    let contents = try await Contents(apply(Share(), ["of": "n"], to: numbers([0, nil, 0])))
    #expect(
      contents.rows.map { $0[1].value } == [
        .missing(Missing(symbol: "…", label: "share of a total of zero")), .missing(dash),
        .missing(Missing(symbol: "…", label: "share of a total of zero")),
      ])
  }

  @Test func ofNoNumbersThereAreNoShares() async throws {
    let contents = try await Contents(apply(Share(), ["of": "n"], to: numbers([nil, nil])))
    #expect(contents.rows.map { $0[1].value } == [.missing(dash), .missing(dash)])
    #expect(contents.notes == [])
    #expect(try await shares([]) == [])
  }

  @Test func theSharesOfShownRowsAreNoneOfTheWhole() async throws {
    let shown = try await apply(Where(), ["conditions": ["bloc": "west"]], to: countries())
    let contents = try await Contents(apply(Share(), ["of": "released"], to: shown))
    #expect(contents.text[0] == "germany|west|5614|96.7|0")
    #expect(contents.text[2] == "computed: Total of all 4 rows||6010|…|12")
  }

  @Test func moreThanTheMemoryOfAStepIsAnError() async throws {
    let table = try await apply(Share(), ["of": "n"], to: numbers((0..<5000).map { $0 }), memory: 10_000)
    await #expect(throws: StepMemoryExceeded(step: "share", limit: 10_000)) { try await Contents(table) }
  }

  @Test(
    "Everything that does not fit is told",
    arguments: [
      (["of": "bloc"], ["of of share: bloc holds text, not numbers"]),
      (
        ["of": "country", "as": "bloc"],
        ["of of share: country holds text, not numbers", "as of share: there is a column \"bloc\" already"]
      ),
      (
        ["of": "released", "as": "Share"],
        ["as of share: the name of a column is lower-case words joined by _, not \"Share\""]
      ),
      (
        ["of": "relased", "digits": "7", "rounding": "halfaway"],
        [
          "unknown column \"relased\" for of of share; did you mean \"released\"?",
          "digits of share must be an integer from 0 to 6, not \"7\"",
          "unknown choice \"halfaway\" for rounding of share; did you mean \"half_away\"?",
        ]
      ),
    ] as [(KeyValuePairs<String, ParameterInput>, [String])])
  func refused(inputs: KeyValuePairs<String, ParameterInput>, messages: [String]) async {
    await #expect(throws: Refusal(messages: messages)) { _ = try await apply(Share(), inputs, to: countries()) }
  }

  @Test func numbersThatCannotBeAddedHaveNoShares() async {
    var table = countries()
    table.columns[2].total = .none
    await #expect(throws: Refusal(messages: ["of of share: the numbers of released cannot be added up to a total"])) {
      _ = try await apply(Share(), ["of": "released"], to: table)
    }
  }
}
