import ReportKit
import Testing
import TransformPlugins

@Suite("columns chooses, orders, renames and retitles columns")
struct ColumnsTests {
  @Test func choosesInTheOrderThatIsWritten() async throws {
    let contents = try await Contents(apply(Columns(), ["choose": ["remaining", "country"]], to: countries()))
    #expect(contents.columns.map(\.name) == ["remaining", "country"])
    #expect(
      contents.text == [
        "5|poland", "0|germany", "–|japan", "7|france", "computed: 12|Total", "stated: |Stated",
      ])
    #expect(try contents.provenance(3, "remaining") == [both(3, 1)])
  }

  @Test func renamesAndRetitlesWithoutTouchingTheRest() async throws {
    let table = try await apply(
      Columns(), ["rename": ["released": "released_1955"], "titles": ["released": "Freed", "country": "Land"]],
      to: countries())
    #expect(table.columns.map(\.name) == ["country", "bloc", "released_1955", "remaining"])
    #expect(table.columns.map(\.title) == ["Land", "Bloc", "Freed", "Remaining"])
    #expect(table.columns[2].selection == kind(0))
    #expect(try await Contents(table).rows == (try await Contents(countries())).rows)
  }

  @Test func twoColumnsCanChangeNames() async throws {
    let table = try await apply(
      Columns(), ["rename": ["released": "remaining", "remaining": "released"]], to: countries())
    #expect(table.columns.map(\.name) == ["country", "bloc", "remaining", "released"])
  }

  @Test func aTotalKeepsItsTitleWhenItsColumnGoes() async throws {
    let contents = try await Contents(apply(Columns(), ["choose": ["bloc", "released"]], to: countries()))
    #expect(contents.text.suffix(2) == ["computed: Total|6010", "stated: Stated|6000"])
  }

  @Test func rowsGoThroughAsTheyCome() async throws {
    let taken = Counter()
    var batches = try await apply(Columns(), ["choose": "country"], to: countries(taken: taken)).batches
    #expect(try await batches.next()?.count == 2)
    #expect(taken.value == 1)
  }

  @Test(
    "Everything that does not fit is told",
    arguments: [
      ([:], ["columns needs choose, drop, rename or titles; or a list of columns"]),
      (
        ["choose": ["country", "country", "relesed"]],
        [
          "choose of columns names \"country\" twice",
          "unknown column \"relesed\" for choose of columns; did you mean \"released\"?",
        ]
      ),
      (
        ["choose": ["country"], "rename": ["released": "freed"], "titles": ["bloc": "Alliance"]],
        [
          "rename of columns names \"released\", which is not chosen",
          "titles of columns names \"bloc\", which is not chosen",
        ]
      ),
      (
        ["rename": ["released": "Released 1955"]],
        ["rename of columns: the name of a column is lower-case words joined by _, not \"Released 1955\""]
      ),
      (["rename": ["released": "bloc"]], ["rename of columns yields two columns named \"bloc\""]),
      (["rename": "released"], ["rename of columns must be a mapping of columns to texts, not \"released\""]),
      (["titles": ["released": ["a"]]], ["an entry of titles of columns must be a text that is not empty, not a list"]),
      (
        ["country": "Land"],
        ["unknown parameter \"country\" of columns; it is a column: write choose: country"]
      ),
    ] as [(KeyValuePairs<String, ParameterInput>, [String])])
  func refused(inputs: KeyValuePairs<String, ParameterInput>, messages: [String]) async {
    await #expect(throws: Refusal(messages: messages)) { _ = try await apply(Columns(), inputs, to: countries()) }
  }
}
