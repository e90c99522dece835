import ExternalPlugins
import ReportKit
import TestSupport
import Testing

/// Notes and provenance go with the numbers through a plugin, whether it passes them on or not.
@Suite(.blocking, .timeLimit(.minutes(10))) struct NoteTests {
  private let caveat = Note(.caveat, "As of July.")
  private let dash = Missing(symbol: "–", label: "none printed")

  private var input: Table {
    let selection = Selection.all.restricting(0, to: [1])
    return table(
      [
        [
          Row([.text("a"), Cell(.integer(1), notes: [caveat])], provenance: [selection]),
          Row([.text("b"), .integer(2)]),
          Row([.text("c"), Cell(.missing(dash))]),
        ]
      ], notes: [Note(.scope, "All of it.")])
  }

  private func result(_ script: String) async throws -> (rows: [Row], notes: [Note]) {
    let workshop = try Workshop()
    let table = try transformed(input, try workshop.transform(script), .test())
    #expect(table.notes == [Note(.scope, "All of it.")])
    #expect(table.columns == input.columns)
    return try await readAll(table)
  }

  @Test func wholeLinesKeepEverything() async throws {
    let result = try await result("tail -n +2")
    #expect(result.rows == (try await readAll(input).rows))
    #expect(result.notes == [])
  }

  @Test func aRowThatSaysWhereItComesFromGetsTheNotesOfThat() async throws {
    let result = try await result(#"cat > /dev/null; echo '{"country":"A","persons":3,"@rows":[0,1]}'"#)
    #expect(result.rows.map(\.cells) == [[.text("A"), Cell(.integer(3), notes: [caveat])]])
    #expect(result.rows.first?.provenance == [Selection.all.restricting(0, to: [1])])
    #expect(result.notes == [])
  }

  @Test func whatStandsBehindARowIsFoundInWhicheverBatchItCame() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform(
      #"""
      cat > /dev/null
      echo '{"country":"A","persons":1,"@rows":[6]}'
      echo '{"country":"B","persons":2,"@rows":[1,0]}'
      echo '{"country":"C","persons":null,"@rows":[4]}'
      """#)
    let batches = [[0], [1, 2, 3], [4, 5], [6]].map { batch in
      batch.map { row in
        Row(
          [.text("country"), Cell(row == 4 ? .missing(dash) : .integer(1), notes: [Note(.caveat, "Note \(row)")])],
          provenance: [Selection.all.restricting(0, to: [row])])
      }
    }
    let rows = try await run(manifest, on: .test(), table(batches))
    #expect(rows.map { $0[1].notes.map(\.text) } == [["Note 6"], ["Note 1", "Note 0"], ["Note 4"]])
    #expect(rows.map { $0.provenance.compactMap { $0[0].map(Array.init) } } == [[[6]], [[1], [0]], [[4]]])
    #expect(rows[2][1].value == .missing(dash))
  }

  @Test func aReasonIsNotLostWithTheNumber() async throws {
    let result = try await result(#"cat > /dev/null; echo '{"country":"C","persons":null,"@rows":[2]}'"#)
    #expect(result.rows.map(\.cells) == [[.text("C"), Cell(.missing(dash))]])
  }

  @Test func withoutProvenanceTheNotesAreOnTheTable() async throws {
    let result = try await result(#"cat > /dev/null; echo '{"country":"A","persons":3}'"#)
    #expect(result.rows.map(\.cells) == [[.text("A"), .integer(3)]])
    #expect(result.notes == [caveat])
  }

  @Test func notesOfRowsThatWereDroppedAreDropped() async throws {
    let result = try await result("tail -n +3")
    #expect(result.rows.count == 2)
    #expect(result.notes == [])
  }

  @Test func aPluginMayAddNotes() async throws {
    let result = try await result(
      #"""
      cat > /dev/null
      echo '{"columns":["country","persons"],"notes":["By hand."]}'
      echo '{"country":"B","persons":2,"@rows":[1],"@notes":{"persons":[{"kind":"caveat","text":"Rounded."}]}}'
      """#)
    #expect(result.rows.map(\.cells) == [[.text("B"), Cell(.integer(2), notes: [Note(.caveat, "Rounded.")])]])
    #expect(result.notes == [Note(.scope, "By hand.")])
  }

  @Test func totalsGoThroughByTheNameOfTheColumn() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.manifest(
      #"cat > /dev/null; echo '{"persons":2,"people":2}'"#,
      """
      name: test-plugin
      kind: transform
      summary: Under test
      command: [./plugin]
      columns: [{ name: persons, kind: integer }, { name: people, kind: integer }]
      """)
    var input = table([])
    let sum = Row([.text("Total"), Cell(.integer(3), notes: [caveat])])
    input.batches = Batches([rows(1)], closingTotals: [TotalRow(.computed, title: "Total", row: sum)])
    var stream = try transformed(input, manifest, .test()).batches
    while try await stream.next() != nil {}
    #expect(
      stream.closingTotals == [
        TotalRow(.computed, title: "Total", row: Row([Cell(.integer(3), notes: [caveat]), .empty]))
      ])
  }

  @Test func aTotalOfRowsThatAreNotWrittenSaysSo() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.manifest(
      #"cat > /dev/null; echo '{"country":"B","persons":2}'"#,
      """
      name: test-plugin
      kind: transform
      summary: Under test
      command: [./plugin]
      columns: [{ name: country, kind: text }, { name: persons, kind: integer }]
      """)
    var input = table([])
    let sum = Row([.text("Total"), Cell(.integer(3), notes: [caveat])])
    input.batches = Batches([rows(2)], closingTotals: [TotalRow(.computed, title: "Total", row: sum)])
    var stream = try transformed(input, manifest, .test()).batches
    while try await stream.next() != nil {}
    #expect(stream.closingTotals.map(\.title) == ["Total of all 2 rows"])
    #expect(stream.closingTotals.map(\.row[0]) == [.text("Total of all 2 rows")])
  }
}
