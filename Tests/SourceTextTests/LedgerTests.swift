import Testing

private let observations = Package.observations
private let statedTotals = Package.statedTotals
private let byId = Dictionary(uniqueKeysWithValues: observations.map { ($0.id, $0) })
private let statements = Package.rows("discrepancy_statements")
private let scopes = Package.rows("stated_total_scopes")

@Suite("What is a part stays a part")
struct RoleTests {
  @Test(arguments: observations.filter { $0[column: "role"] == "of_which" })
  func aPartIsNoLargerThanItsWhole(row: Package.Row) throws {
    let persons = try #require(row.persons)
    if row[column: "part_of"].isEmpty {
      // The whole is no single observation: at least all that is counted for the country.
      let counted = observations.filter { $0.isCounted && $0[column: "country"] == row[column: "country"] }
      #expect(persons <= counted.compactMap(\.persons).reduce(0, +))
    } else {
      let whole = try #require(byId[row[column: "part_of"]])
      let most = try #require(whole.persons)
      #expect(persons <= most)
      for dimension in ["source", "country", "disposition"] {
        #expect(row[column: dimension] == whole[column: dimension])
      }
    }
  }

  @Test(arguments: observations)
  func anIdSaysWhatIsCounted(row: Package.Row) {
    let category = row[column: "category"] == "unspecified" ? [] : [row[column: "category"]]
    let parts = [row[column: "source"], row[column: "country"]] + category + [row[column: "disposition"]]
    #expect(row.id == parts.joined(separator: "_"))
  }

  @Test func onlyPartsNameAWhole() {
    #expect(observations.filter { !$0[column: "part_of"].isEmpty && $0[column: "role"] != "of_which" }.isEmpty)
  }

  @Test(arguments: observations.filter { $0[column: "role"] == "contested" })
  func whatIsContestedIsInTheLedger(row: Package.Row) {
    #expect(statements.contains { $0[column: "observation"] == row.id })
  }

  @Test func aMissingNumberCarriesTheReason() {
    let caveats = Package.rows("observation_caveats")
    func carriers(_ caveat: String) -> [String] {
      caveats.filter { $0[column: "caveat"] == caveat }.map { $0[column: "observation"] }
    }
    #expect(carriers("dash_printed") == observations.filter { $0[column: "persons"] == "–" }.map(\.id))
    #expect(carriers("japanese_not_given") == observations.filter { $0[column: "persons"].isEmpty }.map(\.id))
  }
}

@Suite("Stated totals are held against the sums of their scope")
struct StatedTotalTests {
  private static let codeLists = [
    "source": "sources", "country": "countries", "category": "categories", "disposition": "dispositions",
  ]

  @Test(arguments: scopes)
  func aScopeNamesADimensionAndACode(scope: Package.Row) throws {
    let list = try #require(Self.codeLists[scope[column: "dimension"]])
    #expect(Package.rows(list).contains { $0.id == scope[column: "code"] })
  }

  @Test(arguments: statedTotals)
  func aTotalAgreesOrIsInTheLedger(total: Package.Row) {
    var codes: [String: Set<String>] = [:]
    for scope in scopes where scope[column: "stated_total"] == total.id {
      codes[scope[column: "dimension"], default: []].insert(scope[column: "code"])
    }
    #expect(codes["disposition"]?.count == 1)
    let sum = observations.filter { row in
      row.isCounted && codes.allSatisfy { $0.value.contains(row[column: $0.key]) }
    }.compactMap(\.persons).reduce(0, +)

    if total.id == "memorandum_item_4_released" {
      #expect((total.persons, sum) == (189, 180))
      #expect(
        statements.filter { $0[column: "discrepancy"] == "capitalist_released" }.map { $0[column: "stated_total"] }
          == ["memorandum_item_4_released", "attachment_4_total_released"])
    } else {
      #expect(total.persons == sum)
    }
  }
}

@Suite("The ledger of discrepancies is complete in itself")
struct LedgerTests {
  @Test(arguments: Package.rows("discrepancies"))
  func aDisagreementHasTwoSides(discrepancy: Package.Row) {
    let sides = statements.filter { $0[column: "discrepancy"] == discrepancy.id }
      .map { $0[column: "observation"] + "|" + $0[column: "stated_total"] }
    #expect(sides.count >= 2)
    #expect(Set(sides).count == sides.count)
  }

  @Test(arguments: statements)
  func aStatementIsEitherAnObservationOrAStatedTotal(statement: Package.Row) {
    #expect(statement[column: "observation"].isEmpty != statement[column: "stated_total"].isEmpty)
    let isObservation = byId[statement[column: "observation"]] != nil
    let isTotal = statedTotals.contains { $0.id == statement[column: "stated_total"] }
    #expect(isObservation != isTotal)
  }

  @Test(arguments: Package.rows("schemes"))
  func everyCountryIsInEveryScheme(scheme: Package.Row) {
    let members = Package.rows("bloc_members").filter { $0[column: "scheme"] == scheme.id }
    #expect(members.map { $0[column: "country"] } == Package.rows("countries").map(\.id))
    let blocs = Package.rows("blocs").filter { $0[column: "scheme"] == scheme.id }.map(\.id)
    #expect(Set(blocs) == Set(members.map { $0[column: "bloc"] }))
  }
}

extension Package.Row {
  fileprivate var isCounted: Bool { self[column: "role"] == "counted" }
}
