import Testing

@Suite("Every problem of a pipeline is told at load, with the place of the very word that is wrong")
struct PipelineProblemTests {
  /// The problems of steps behind a report of harbours. The first step's dash is in line 16, column 7.
  private func problems(_ steps: String...) async throws -> [String] {
    let lines = ["country-summary"] + steps
    return try await configurationProblems(
      "reports:\n  a:\n    pipeline:\n" + lines.map { "      - \($0)\n" }.joined())
  }

  @Test(
    "A step may be given its first parameter alone",
    arguments: [
      "sort: grain", "sort: [grain, name]", "sort: { by: { grain: descending, name: ascending } }", "top: 3",
      "share: grain", "columns: [name, grain]", "unpivot: [grain, timber]", "where: { grain: \">= 3\", bloc: [east] }",
      "bloc-aggregate: water",
    ])
  func shortForms(step: String) async throws {
    if step.hasPrefix("bloc") {
      #expect(try await configurationProblems("reports:\n  a:\n    pipeline:\n      - \(step)\n") == [])
    } else {
      #expect(try await problems(step) == [])
    }
  }

  @Test(arguments: [
    ("sort: grains", ["m.yaml:16:15: unknown column \"grains\" for by of sort; did you mean \"grain\"?"]),
    (
      "sort: [name, grains, name]",
      [
        "m.yaml:16:22: unknown column \"grains\" for by of sort; did you mean \"grain\"?",
        "m.yaml:16:30: by of sort names \"name\" twice",
      ]
    ),
    (
      "sort: { by: { grains: descending, name: downwards } }",
      [
        "m.yaml:16:23: unknown column \"grains\" for by of sort; did you mean \"grain\"?",
        "m.yaml:16:49: unknown direction \"downwards\" for by of sort; there are: ascending, descending",
      ]
    ),
    (
      "sort: { grain: descending }",
      [
        "m.yaml:16:9: sort needs the parameter \"by\"",
        "m.yaml:16:17: unknown parameter \"grain\" of sort; it is a column: write by: grain",
      ]
    ),
    ("sort: grain, name", ["m.yaml:16:15: unknown column \"grain, name\" for by of sort; write [grain, name]"]),
    ("top: ten", ["m.yaml:16:14: count of top must be an integer of at least 1, not \"ten\""]),
    ("top: [10]", ["m.yaml:16:14: count of top must be an integer of at least 1, not a list"]),
    (
      "top: { count: 0, rest: yes, cout: 3 }",
      [
        "m.yaml:16:23: count of top must be an integer of at least 1, not \"0\"",
        "m.yaml:16:32: rest of top must be true or false, not \"yes\"",
        "m.yaml:16:37: unknown parameter \"cout\" of top; did you mean \"count\"?",
      ]
    ),
    (
      "where: { grian: 3, bloc: [east, wset], timber: \">= x\" }",
      [
        "m.yaml:16:18: unknown column \"grian\" for where; did you mean \"grain\"?",
        "m.yaml:16:41: unknown bloc \"wset\"; did you mean \"west\"?",
        "m.yaml:16:56: a value for timber must be a number such as 100 or 12.5, not \"x\"",
      ]
    ),
    (
      "where: { harbour: { not: [alby, brook] } }",
      ["m.yaml:16:41: unknown harbour \"brook\"; did you mean \"brok\"?"]
    ),
    (
      "where: { grain: ~ }",
      ["m.yaml:16:25: the condition on grain is empty; write missing for rows without a value"]
    ),
    ("share: name", ["m.yaml:16:16: of of share: name holds text, not numbers"]),
    (
      "share: { of: grain, as: timber, digits: 9 }",
      ["m.yaml:16:49: digits of share must be an integer from 0 to 6, not \"9\""]
    ),
    (
      "columns: { choose: [name, grian], rename: { grain: Corn, timbr: wood } }",
      [
        "m.yaml:16:35: unknown column \"grian\" for choose of columns; did you mean \"grain\"?",
        "m.yaml:16:66: unknown column \"timbr\" for rename of columns; did you mean \"timber\"?",
      ]
    ),
    (
      "columns: { choose: [name, timber], rename: { timber: Wood, grain: corn } }",
      [
        "m.yaml:16:62: rename of columns: the name of a column is lower-case words joined by _, not \"Wood\"",
        "m.yaml:16:68: rename of columns names \"grain\", which is not chosen",
      ]
    ),
    (
      "pivot: { names: name, values: grain }",
      ["m.yaml:16:9: pivot needs the parameter \"into\": the texts of name are not known before the rows are"]
    ),
    (
      "pivot: { names: bloc, values: grain, into: [east, wst] }",
      ["m.yaml:16:59: unknown bloc \"wst\"; did you mean \"west\"?"]
    ),
    (
      "unpivot: { columns: [grain, name] }",
      ["m.yaml:16:37: columns of unpivot do not fit into one: name holds text, and grain does not"]
    ),
  ])
  func atItsPlace(step: String, expected: [String]) async throws {
    #expect(try await problems(step) == expected)
  }

  @Test func eachStepMeetsTheColumnsThatTheOneBeforeYields() async throws {
    #expect(
      try await problems("share: grain", "columns: [name, grain_share]", "sort: grain_share", "sort: grain") == [
        "m.yaml:19:15: unknown column \"grain\" for by of sort; did you mean \"grain_share\"?"
      ])
    #expect(
      try await problems("columns: { rename: { grain: corn } }", "where: { grain: 1 }") == [
        "m.yaml:17:18: unknown column \"grain\" for where; there are: harbour, name, bloc, corn, timber, ice, total"
      ])
  }

  @Test func allStepsAreCheckedAsFarAsTheirColumnsAreKnown() async throws {
    #expect(
      try await problems("sort: grains", "top: none", "share: grian", "sort: whatever", "top: { cout: 1 }") == [
        "m.yaml:16:15: unknown column \"grains\" for by of sort; did you mean \"grain\"?",
        "m.yaml:17:14: count of top must be an integer of at least 1, not \"none\"",
        "m.yaml:18:16: unknown column \"grian\" for of of share; did you mean \"grain\"?",
        // The columns that share would yield are not known any more: nothing is said of the sort.
        "m.yaml:20:9: top needs the parameter \"count\"",
        "m.yaml:20:16: unknown parameter \"cout\" of top; did you mean \"count\"?",
      ])
  }

  @Test func valuesInSeveralLinesHaveTheirPlacesToo() async throws {
    let found = try await configurationProblems(
      """
      reports:
        a:
          pipeline:
            - country-summary
            - columns:
                choose:
                  - name
                  - grian
                titles:
                  grain: [Corn]
      """)
    #expect(
      found == [
        "m.yaml:19:15: unknown column \"grian\" for choose of columns; did you mean \"grain\"?",
        "m.yaml:21:20: an entry of titles of columns must be a text that is not empty, not a list",
      ])
  }

  @Test func theMemoryOfAStepHasALimitOfItsOwn() async throws {
    #expect(
      try await configurationProblems("limits: { step_memory: 1KiB }\nreports: {}\n") == [
        "m.yaml:12:24: \"step_memory\" must be a size between 4KiB and 1TiB, not 1KiB"
      ])
  }
}
