import Pipeline
import TestSupport
import Testing

@Suite("The shipped configuration reports what the memorandum says")
struct MemorandumTests {
  let generation: Generation

  init() async throws {
    generation = try await Generation.load(path: "\(repositoryRoot)/Config/musterd.yaml", registry: shipped)
  }

  @Test func countrySummary() async throws {
    let csv = try await export("country-summary", as: "csv", from: generation)
    #expect(
      csv == """
        country,name,bloc,released,handed_over,remaining,total
        poland,Poland,peoples_democracies,190,143,,333
        romania,Romania,peoples_democracies,375,237,,612
        hungary,Hungary,peoples_democracies,370,276,,646
        czechoslovakia,Czechoslovakia,peoples_democracies,56,29,,85
        bulgaria,Bulgaria,peoples_democracies,20,3,,23
        yugoslavia,Yugoslavia,peoples_democracies,25,6,,31
        mongolia,Mongolia,peoples_democracies,4,2,,6
        finland,Finland,finland,24,,5,29
        germany,Germany,germany,5614,3917,,9531
        japan,Japan,japan,16,,,16
        france,France,capitalist,23,,5,28
        afghanistan,Afghanistan,capitalist,24,,13,37
        iran,Iran,capitalist,62,,36,98
        turkey,Turkey,capitalist,17,,24,41
        belgium,Belgium,capitalist,10,,6,16
        netherlands,Netherlands,capitalist,8,,5,13
        denmark,Denmark,capitalist,4,,2,6
        spain,Spain,capitalist,3,,,3
        italy,Italy,capitalist,1,,2,3
        norway,Norway,capitalist,1,,1,2
        switzerland,Switzerland,capitalist,3,,2,5
        greece,Greece,capitalist,24,,5,29
        united_states,United States,capitalist,,,3,3
        united_kingdom,United Kingdom,capitalist,,,2,2
        brazil,Brazil,capitalist,,,1,1
        luxembourg,Luxembourg,capitalist,,,1,1
        mexico,Mexico,capitalist,,,1,1
        syria,Syria,capitalist,,,2,2

        """)
  }

  @Test(arguments: [
    (
      "memorandum",
      """
      peoples_democracies,People’s Democracies,7,1040,696,,1736
      finland,Finland,1,24,,5,29
      germany,Germany,1,5614,3917,,9531
      japan,Japan,1,16,,,16
      capitalist,Capitalist countries,18,180,,111,291

      """
    ),
    (
      "alliances-1955",
      """
      warsaw_pact,Warsaw Pact,5,1011,688,,1699
      nato,NATO,11,88,,56,144
      neither,Neither,11,161,8,60,229
      not_attributable,Not attributable,1,5614,3917,,9531

      """
    ),
    (
      "region",
      """
      europe,Europe,19,6751,4611,36,11398
      asia,Asia,6,123,2,75,200
      americas,Americas,3,,,5,5

      """
    ),
  ])
  func blocAggregate(scheme: String, rows: String) async throws {
    let csv = try await export("bloc-aggregate", ["scheme": scheme], as: "csv", from: generation)
    #expect(csv == "bloc,name,countries,released,handed_over,remaining,total\n" + rows)
  }

  @Test func theTableShowsTotalsDashesAndCaveats() async throws {
    let table = try await export("country-summary", as: "table", from: generation)
    #expect(table.contains("\nTotal "))
    #expect(table.contains("11603"))
    #expect(table.contains("\n–: none printed\n…: not given\n"))
    #expect(table.contains("3 numbers are not added: they count parts of what other numbers count (of_which)"))
    #expect(table.contains("1 number is not added: its sources contradict it elsewhere (contested)"))
  }

  @Test func theSameRequestGivesTheSameBytes() async throws {
    let again = try await Generation.load(path: "\(repositoryRoot)/Config/musterd.yaml", registry: shipped)
    for format in ["csv", "json", "table"] {
      let first = try await export("bloc-aggregate", as: format, from: generation)
      #expect(try await export("bloc-aggregate", as: format, from: again) == first)
    }
  }
}
