import Model
import Pipeline
import TestSupport
import Testing

/// What `select` and `where` may say, and the places of what they may not.
struct SelectionTests {
  /// The problems of a report with such a step, which stands in line 15.
  private func problems(_ select: String, _ more: String = "") async throws -> [String] {
    try await configurationProblems(
      "reports:\n  a:\n    pipeline:\n      - select: \(select)\n\(more)      - country-summary\n")
  }

  @Test("Codes, all but some, and lists of them are taken")
  func forms() async throws {
    #expect(
      try await problems("{ cargo: { not: ice }, harbour: [alby, brok], register: { not: [north] } }") == [])
  }

  @Test("What is selected is what was written")
  func selected() async throws {
    let folder = try TemporaryFolder()
    try folder.write(
      harboursDataset + """
        reports:
          a:
            pipeline:
              - select: { cargo: { not: ice } }
              - select: { cargo: { not: [timber] }, register: north }
              - country-summary
        """, to: "m.yaml")
    let generation = try await Generation.load(path: "\(folder.path)/m.yaml", registry: shipped)
    let parameters = try #require(generation.reports.first?.steps.first?.parameters)
    #expect(parameters.map(\.name) == ["register", "cargo"])
    #expect(parameters.map(\.value) == ["north", "grain"])
    let request = try generation.request(
      report: "a", where: [SelectionTerm("harbour", items: nil, without: [.text("alby")])])
    #expect(!request.filter.contains([0, 0, 0]) && request.filter.contains([0, 1, 0]))
    #expect(
      try generation.request(report: "a", where: [SelectionTerm("harbour", ["brok", "corre", "dun"])]) == request)
  }

  @Test("Everything that is wrong is told where it stands")
  func places() async throws {
    #expect(
      try await problems("{ cargo: { not: [ice, irn], under: grain }, harbour: [alby, alby..brok, latest] }") == [
        "m.yaml:15:39: unknown cargo \"irn\"",
        "m.yaml:15:52: nothing is under \"grain\": the dataset does not say which codes of cargo contain others",
        "m.yaml:15:77: \"alby..brok\" is no range: the codes of harbour are no periods; name those that are meant",
        "m.yaml:15:89: harbour has no code \"latest\", nor periods of which one is the latest",
      ])
    #expect(
      try await problems("{ harbour: [brok, { under: [alby, brk] }], cargo: { nto: ice }, register: {} }") == [
        "m.yaml:15:45: nothing is under \"alby\": the dataset does not say which codes of harbour contain others",
        "m.yaml:15:51: unknown harbour \"brk\"; did you mean \"brok\"?",
        "m.yaml:15:69: unknown key \"nto\" in \"cargo\" in \"select\"; did you mean \"not\"?",
        "m.yaml:15:91: \"register\" in \"select\" must have the key \"under\", \"not\" or both",
      ])
  }

  @Test("A selection of nothing is a problem, also when two steps come to it")
  func nothing() async throws {
    #expect(
      try await problems("{ register: { not: [north, south] } }")
        == ["m.yaml:15:19: this leaves out all of the register that it selects"])
    #expect(
      try await problems("{ register: north, cargo: ice }", "      - select: { cargo: ice, register: south }\n")
        == ["m.yaml:16:31: this leaves nothing of the register that is selected before it"])
  }

  @Test("The same holds for where of an export")
  func exports() async throws {
    #expect(
      try await configurationProblems(
        """
        exports:
          directory: .
          a: { report: r, exporter: csv, file: a.csv, where: { cargo: { not: [iec] }, register: { under: north } } }
        reports: { r: { pipeline: [country-summary] } }
        """) == [
          "m.yaml:14:71: unknown cargo \"iec\"; did you mean \"ice\"?",
          "m.yaml:14:98: nothing is under \"north\": the dataset does not say which codes of register contain others",
        ])
  }
}
