import Pipeline
import TestSupport
import Testing

/// Figures of other people, each with what they asked and what came out wrong before Muster knew what adds up.
@Suite("No wrong number from anybody's data")
struct OtherPeoplesDataTests {
  /// UNHCR, Global Trends 2014, 2015 and 2016: refugees at the end of the year, by country of asylum.
  @Test("Refugees at three year-ends are not added: the last one stands for Germany")
  func stocksDoNotAddOverYears() async throws {
    let data = try OwnData(
      """
      country,year,refugees
      germany,2014,216973
      germany,2015,316115
      germany,2016,669482
      lebanon,2014,1154040
      lebanon,2015,1070854
      lebanon,2016,1012969
      """, measures: "{ refugees: { over: { year: last } } }")
    #expect(
      try await data.table("country-summary") == """
        country,name,2014,2015,2016,total
        germany,Germany,216973,316115,669482,669482
        lebanon,Lebanon,1154040,1070854,1012969,1012969
        Total,,1371013,1386969,1682451,1682451

        """)
    // The total is of one year, and headed so.
    #expect(try await data.page("country-summary").contains("| Last |"))
  }

  @Test("What a measure does over time has to be said, and the choice is explained")
  func overTimeMustBeSaid() async throws {
    let data = try OwnData("country,year,refugees\ngermany,2014,216973\n", measures: "{ refugees: { unit: persons } }")
    let problems = await data.problems()
    #expect(problems.count == 1)
    #expect(
      problems.first?.hasPrefix(
        "m.yaml:5:15: the measure \"refugees\" does not say what it does over \"year\": write measures: { refugees: "
          + "{ over: { year: sum } } }\n  sum if") == true)
    #expect(problems.first?.contains("sum if the numbers of several periods add up") == true)
    #expect(problems.first?.contains("last if they do not") == true)
  }

  /// World Bank, SP.POP.TOTL, of which World contains the others.
  @Test("World is not added to Germany and France, and its number is held against nothing it does not contain")
  func whatContainsOthersIsNotAddedToThem() async throws {
    let data = try OwnData(
      """
      country,year,population
      germany,2023,83287273
      germany,2024,83516593
      france,2023,68372286
      france,2024,68551653
      world,2023,8064057930
      world,2024,8141808945
      """, codes: ["country": "id,name,contains\ngermany,Germany,false\nfrance,France,false\nworld,World,true\n"],
      measures: "{ population: { over: { year: last } } }", more: "  hierarchy: { country: { aggregate: contains } }\n")
    let rows = try await data.table("country-summary", where: [("year", ["2024"])])
    #expect(rows.contains("world,World,8141808945,8141808945\n"))
    #expect(rows.hasSuffix("Total,,152068246,152068246\n"))
    #expect(
      try await data.page("country-summary").contains(
        "Contains other codes of Country, which a total adds in its place"))
  }

  /// UNHCR withholds numbers of 1 to 4 persons; the figures are invented.
  @Test("A sum with withheld numbers says how many it has, and a sum of nothing else is none")
  func withheldNumbersAreTold() async throws {
    let data = try OwnData(
      """
      country,origin,seekers
      germany,syria,1200
      germany,chile,*
      germany,japan,*
      iceland,syria,*
      iceland,chile,*
      """, breakdown: "origin", measures: "{ seekers: { unit: persons } }",
      missing: #"[{"value": "*", "label": "withheld"}]"#)
    let page = try await data.page("country-summary")
    #expect(page.contains("| germany | Germany | 1200 | \\* | \\* | 1200 \\[1\\] |"))
    #expect(page.contains("| iceland | Iceland | \\* | \\* |  | \\* \\[2\\] |"))
    #expect(page.contains("1. 1 of 3 numbers; 2 withheld"))
    #expect(page.contains("2. 0 of 2 numbers; 2 withheld"))
    #expect(page.contains("1 of 5 numbers; 4 withheld"))
    let omitted = try await data.table("country-summary", ["incomplete": "omit"])
    #expect(omitted.contains("germany,Germany,1200,,,\n"))
    let accepted = try await data.page("country-summary", ["incomplete": "accept"])
    #expect(!accepted.contains("1 of 3 numbers"))
  }

  /// World Bank, NY.GDP.MKTP.CD, current US dollars of 1960.
  @Test("Countries without a row lack in the sum of their region")
  func placesWithoutARowLack() async throws {
    let data = try OwnData(
      """
      country,year,gdp
      china,1960,59716467625
      india,1960,37029883875
      japan,1960,44307342950
      mongolia,1981,2310099100
      """,
      codes: [
        "country": "id,name,region\nchina,China,Asia\nindia,India,Asia\njapan,Japan,Asia\nmongolia,Mongolia,Asia\n"
      ], measures: "{ gdp: { unit: dollars, over: { year: sum } } }",
      more: "  schemes: { region: { of: country, columns: [region] } }\n")
    let page = try await data.page("bloc-aggregate", where: [("year", ["1960"])])
    #expect(page.contains("| Asia | Asia | 3 | 141053694450 \\[1\\] | 141053694450 \\[1\\] |"))
    #expect(page.contains("1. 3 of 4 numbers; 1 without a row"))
  }

  /// World Bank, France in 2023: SP.POP.TOTL, NY.GDP.MKTP.CD, FP.CPI.TOTL.ZG.
  @Test("Inhabitants, dollars and percent are never added")
  func measuresDoNotAddToEachOther() async throws {
    let data = try OwnData(
      """
      country,inhabitants,gdp,inflation
      france,68372286,3051831611385,4.88
      germany,83287273,4525703903628,5.95
      """, breakdown: "measure", fields: ["inhabitants", "gdp", "inflation"],
      measures: "{ inhabitants: { unit: persons }, gdp: { unit: dollars }, inflation: { unit: percent, over: none } }")
    #expect(
      try await data.table("country-summary") == """
        country,name,inhabitants,gdp,inflation
        france,France,68372286,3051831611385,4.88
        germany,Germany,83287273,4525703903628,5.95
        Total,,151659559,7577535515013,

        """)
    #expect(try await data.page("country-summary").contains("×: not additive: inflation does not add over Country"))
    // Asked for by another dimension, one measure is meant.
    #expect(try await data.table("observations").contains("france,inflation,4.88"))
  }

  private static let bill = """
    country,event,persons
    woodstreet,buried,200
    woodstreet,plague,121
    barking,buried,514
    barking,plague,330
    alphage,buried,271
    alphage,plague,115
    """
  private static let parishes =
    "id,name,parent\nwoodstreet,St Alban Woodstreet,walls\nbarking,Alhallows Barking,walls\nalphage,St Alphage,walls\n"
    + "walls,Within the walls,\n"

  /// The bill of mortality of 1665, as the Death by Numbers project transcribes it (chnm/bom).
  @Test("Plague is a part of the burials: shown with a sum of its own, and not added to them")
  func partsAreNotAddedToTheirWhole() async throws {
    let data = try OwnData(
      Self.bill,
      codes: ["event": "id,name,whole\nburied,Buried,\nplague,Plague,buried\n", "country": Self.parishes],
      breakdown: "event", measures: "{ persons: { unit: persons } }",
      more: "  parts: { event: whole }\n  hierarchy: { country: parent }\n")
    #expect(
      try await data.table("country-summary").hasSuffix("Total,,985,566,985\n"))
    #expect(try await data.page("country-summary").contains("| Of which: Plague |"))
  }

  @Test("Observations that are parts of others have sums of their own, and stated totals of them agree")
  func partObservationsAreSummedByThemselves() async throws {
    let bill = Self.bill.split(separator: "\n").map { line in
      line.hasPrefix("country") ? "\(line),role" : "\(line),\(line.contains("plague") ? "of_which" : "counted")"
    }.joined(separator: "\n")
    let data = try OwnData(
      bill + "\nwalls,plague,566,of_which\nwalls,buried,985,counted",
      codes: ["event": "id,name\nburied,Buried\nplague,Plague\n", "country": Self.parishes], breakdown: "event",
      measures: "{ persons: { unit: persons } }", more: "  hierarchy: { country: parent }\n")
    let table = try await data.table("country-summary")
    #expect(table.contains("woodstreet,St Alban Woodstreet,200,121,200\n"))
    #expect(table.hasSuffix("Total,,985,566,985\n"))
    let reconciled = try await data.table("reconciliation")
    #expect(reconciled.contains("agrees"))
    #expect(!reconciled.contains("unacknowledged"))
  }

  /// Vera Institute, prisoners at the end of 2021.
  @Test("What is printed of the whole is checked against its parts, without a table of totals")
  func printedTotalsAreReconciled() async throws {
    func data(_ total: Int) throws -> OwnData {
      try OwnData(
        """
        country,year,prisoners
        us,2021,\(total)
        federal,2021,157654
        states,2021,1041988
        northeast,2021,103429
        south,2021,510465
        midwest,2021,207907
        west,2021,220187
        """,
        codes: [
          "country": "id,name,parent\nus,US Total,\nfederal,Federal,us\nstates,States,us\nnortheast,Northeast,states\n"
            + "south,South,states\nmidwest,Midwest,states\nwest,West,states\n"
        ], measures: "{ prisoners: { over: { year: last } } }", more: "  hierarchy: { country: parent }\n")
    }
    let right = try await data(1_199_642).table("reconciliation")
    #expect(right.contains("1199642,1199642,0") && right.contains("1041988,1041988,0"))
    #expect(!right.contains("unacknowledged"))
    #expect(try await data(1_199_642).table("country-summary").hasSuffix("Total,,1199642,1199642\n"))
    #expect(try await data(1_199_624).table("reconciliation").contains("1199624,1199642,-18"))
  }

  /// Farr 1852 by way of the cholera repository: three of the districts, with their water companies.
  @Test("A rate is the ratio of sums, and not the mean of rates")
  func ratesAreRatiosOfSums() async throws {
    let data = try OwnData(
      """
      country,deaths,inhabitants
      newington,907,63074
      rotherhithe,352,17208
      bermondsey,836,50900
      """,
      codes: [
        "country":
          "id,name,water\nnewington,Newington,Battersea\nrotherhithe,Rotherhithe,Battersea\nbermondsey,Bermondsey,Kent\n"
      ],
      breakdown: "measure", fields: ["deaths", "inhabitants"],
      measures: "{ deaths: {}, inhabitants: {}, rate: { of: deaths, per: inhabitants, times: 10000, decimals: 1 } }",
      more: "  schemes: { water: { of: country, columns: [water] } }\n")
    // 1259 of 80282, and 2095 of 131182; the mean of both districts' rates would be 174.2.
    #expect(
      try await data.table("bloc-aggregate") == """
        bloc,name,countries,deaths,inhabitants,rate
        Battersea,Battersea,2,1259,80282,156.8
        Kent,Kent,1,836,50900,164.2
        Total,,3,2095,131182,159.7

        """)
  }

  @Test("The number of one year that stands for all is cited, and the others are told to be left out")
  func whatStandsForOthersIsCited() async throws {
    let data = try OwnData(
      "country,origin,year,refugees\ngermany,syria,2015,10\ngermany,syria,2016,12\n", breakdown: "origin",
      measures: "{ refugees: { over: { year: last } } }")
    #expect(
      try await data.table("citations") == """
        country,origin,cell,added,left_out,reason,year,printed
        germany,syria,12,,10,last: the number of another period stands for it,2015,10
        germany,syria,12,12,,,2016,12

        """)
  }

  @Test("Two numbers for one cell are an error that names both places")
  func twoRowsForOneCell() async throws {
    let data = try OwnData(
      "country,year,people\nfinland,1950,10\nnorway,1950,5\nfinland,1950,12\n",
      measures: "{ people: { over: { year: last } } }")
    #expect(
      await data.problems() == [
        "observations.csv:4:people: a second counted number for Finland, 1950; the first is in row 2. Make one contested, "
          + "or say repeated: add where each row is an event of its own"
      ])
    let events = try OwnData(
      "country,year,people\nfinland,1950,10\nnorway,1950,5\nfinland,1950,12\n",
      measures: "{ people: { over: { year: sum } } }", more: "  repeated: add\n")
    #expect(try await events.table("country-summary").contains("finland,Finland,22,22\n"))
  }

  @Test("Of two sources for one cell the preferred one counts; a source needs no code list")
  func sourcesAreChosen() async throws {
    let rows = "country,year,people,source\nfinland,1950,10,census\nfinland,1950,12,survey\nnorway,1950,5,survey\n"
    let undecided = try OwnData(rows, measures: "{ people: { over: { year: last } } }")
    #expect(await undecided.problems().first?.contains("a second source gives a number for Finland, 1950") == true)
    let decided = try OwnData(
      rows, measures: "{ people: { over: { year: last } } }", more: "  prefer: [census]\n")
    #expect(
      try await decided.table("country-summary").hasSuffix("finland,Finland,10,10\nnorway,Norway,5,5\nTotal,,15,15\n"))
    // A report may prefer another.
    #expect(try await decided.table("country-summary", ["prefer": "survey"]).contains("finland,Finland,12,12\n"))
  }

  @Test("A mark that means nil counts as 0 and is printed as it is")
  func nilMarksCountAsNothing() async throws {
    let data = try OwnData(
      "country,origin,people\nfinland,syria,–\nfinland,chile,4\n", breakdown: "origin",
      measures: "{ people: { unit: persons } }", missing: #"[{"value": "–", "label": "nil"}]"#,
      more: "  missing: { \"–\": nil }\n")
    let page = try await data.page("country-summary")
    #expect(page.contains("| finland | Finland | – | 4 | 4 |"))
    #expect(!page.contains("numbers;"))
  }

  @Test("Estimates carry their bounds into sums")
  func estimatesCarryBounds() async throws {
    let data = try OwnData(
      """
      country,origin,people,least,most
      finland,syria,300,280,350
      finland,chile,40,,
      norway,syria,500,501,
      """, breakdown: "origin", fields: ["people"], extraNumbers: ["least", "most"],
      measures: "{ people: { unit: persons, uncertain: { lower: least, upper: most } } }")
    #expect(await data.problems() == ["observations.csv:4:least: the number does not lie between its bounds"])
    let mended = try OwnData(
      """
      country,origin,people,least,most
      finland,syria,300,280,350
      finland,chile,40,,
      norway,syria,500,500,
      """, breakdown: "origin", fields: ["people"], extraNumbers: ["least", "most"],
      measures: "{ people: { unit: persons, uncertain: { lower: least, upper: most } } }")
    let page = try await mended.page("country-summary")
    #expect(page.contains("includes estimates: from 320 to 390"))
    #expect(page.contains("includes estimates: at least 820"))
  }

  @Test("A member counts in its group in the years in which it belonged")
  func groupsAreOfTheirTime() async throws {
    let data = try OwnData(
      "country,year,people\nestonia,1990,10\nestonia,2000,11\nfinland,1990,20\nfinland,2000,21\n",
      measures: "{ people: { over: { year: last } } }",
      tables: [
        "schemes": ("id,title\nunions,Unions\n", "\"primaryKey\": \"id\""),
        "blocs": (
          "scheme,id,name\nunions,soviet,Soviet Union\nunions,none,No union\n",
          "\"primaryKey\": [\"scheme\", \"id\"], \"foreignKeys\": [\(OwnData.key("scheme", "schemes"))]"
        ),
        "bloc_members": (
          "scheme,country,bloc,valid_from,valid_to\nunions,estonia,soviet,,1991-09-06\nunions,estonia,none,1991-09-07,\n"
            + "unions,finland,none,,\n",
          "\"primaryKey\": [\"scheme\", \"country\", \"bloc\"], \"foreignKeys\": [\(OwnData.key("scheme", "schemes")), "
            + "\(OwnData.key("country", "countrys"))]"
        ),
      ])
    #expect(
      try await data.table("bloc-aggregate") == """
        bloc,name,countrys,1990,2000,total
        soviet,Soviet Union,1,10,,10
        none,No union,2,20,32,32
        Total,,2,30,32,32

        """)
  }
}
