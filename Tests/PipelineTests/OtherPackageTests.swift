import Foundation
import Pipeline
import TestSupport
import Testing

@Suite("Any package of counts by place works by configuration alone")
struct OtherPackageTests {
  let generation: Generation

  init() async throws {
    generation = try await Generation.load(path: "\(harboursFolder)/musterd.yaml", registry: shipped)
  }

  @Test func placesAreRowsAndTheBreakdownColumns() async throws {
    #expect(
      try await export("arrivals", as: "csv", from: generation) == """
        harbour,name,bloc,grain,timber,ice,total
        alby,Älby,east,42,0,,42
        brok,"Brok, Old Quay",west,7,,,7
        corre,Corrè,,,6,,6
        dun,Dún,west,,,,

        """)
  }

  @Test func whatNoBlocClaimsIsNotDropped() async throws {
    #expect(
      try await export("by-water", as: "csv", from: generation) == """
        bloc,name,harbours,grain,timber,ice,total
        east,East water,1,42,0,,42
        west,West water,1,7,,,7
        ,not classified,1,,6,,6

        """)
  }

  @Test func aSelectionNarrowsRowsAndColumns() async throws {
    let text = try await export("north-by-grain", as: "csv", from: generation)
    #expect(
      text == """
        harbour,name,bloc,grain,timber,total
        alby,Älby,east,12,0,12
        brok,"Brok, Old Quay",west,7,,7
        corre,Corrè,,,,

        """)
  }

  @Test func zeroADashAndALostPageAreThreeThings() async throws {
    let table = try await export("arrivals", as: "table", from: generation)
    #expect(
      table.hasPrefix(
        """
        Arrivals

        harbour  Name            Bloc  Grain  Timber  Ice       Total
        ───────  ──────────────  ────  ─────  ──────  ───────  ──────
        alby     Älby            east     42   0        -      42 [1]
        brok     Brok, Old Quay  west      7   …      - … [2]   7 [3]
        corre    Corrè                         6                6
        dun      Dún             west
        ───────  ──────────────  ────  ─────  ──────  ───────  ──────
        Total                             49   6 [4]  - … [5]  55 [6]

        [1] 3 of 4 numbers; 1 none entered
        [2] 0 of 2 numbers; 1 none entered; 1 page lost
        [3] 1 of 4 numbers; 1 none entered; 2 page lost
        [4] 2 of 3 numbers; 1 page lost
        [5] 0 of 3 numbers; 2 none entered; 1 page lost
        [6] 5 of 9 numbers; 2 none entered; 2 page lost
        -: none entered
        …: page lost
        - …: none entered, page lost

        """))
    let json = try await export("arrivals", as: "json", from: generation)
    #expect(
      json.contains(
        #"""
        {"harbour":"alby","name":"Älby","bloc":"east","grain":42,"timber":0,"ice":null,"total":42,\#
        "@coverage":{"grain":{"numbers":2,"expected":2,"lacking":[]},\#
        "total":{"numbers":3,"expected":4,"lacking":[{"reason":"none entered","count":1}]}}}
        """#))
    #expect(json.contains(#"{"kind":"missing","text":"-: none entered","cells":[{"row":0,"column":"ice"}]}"#))
    let document = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    #expect(
      document?.keys.sorted() == [
        "columns", "notes", "parameters", "report", "revision", "rows", "title", "totals", "where",
      ])
  }
}
