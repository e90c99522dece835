import Base
import Foundation
import Pipeline
import TestSupport
import Testing

@Suite("Every problem of a configuration is told, with its place")
struct ConfigurationProblemTests {
  @Test(arguments: [
    (
      "reports:\n  a:\n    pipeline:\n      - bloc-aggregate: { schem: water }\n",
      ["m.yaml:15:27: unknown parameter \"schem\" of bloc-aggregate; did you mean \"scheme\"?"]
    ),
    (
      "reports:\n  a:\n    pipeline:\n      - bloc-aggregate: { scheme: waters }\n",
      ["m.yaml:15:35: unknown scheme \"waters\" for scheme of bloc-aggregate; did you mean \"water\"?"]
    ),
    (
      "reports:\n  a:\n    pipeline: [bloc-agregate]\n",
      ["m.yaml:14:16: unknown plugin \"bloc-agregate\"; did you mean \"bloc-aggregate\"?"]
    ),
    (
      "reports:\n  a:\n    pipeline:\n      - country-summary\n      - sort: { by: grains }\n",
      ["m.yaml:16:21: unknown column \"grains\" for by of sort; did you mean \"grain\"?"]
    ),
    (
      "reports:\n  a:\n    pipeline:\n      - country-summary\n      - sort\n",
      ["m.yaml:16:9: sort needs the parameter \"by\""]
    ),
    (
      "reports:\n  a:\n    pipeline:\n      - country-summary\n      - sort: { by: grain, descending: yes }\n",
      ["m.yaml:16:40: descending of sort must be true or false, not \"yes\""]
    ),
    (
      "reports:\n  a:\n    pipeline:\n      - select: { cargoe: grain, harbour: [alby, brock] }\n      - country-summary\n",
      [
        "m.yaml:15:19: unknown dimension \"cargoe\"; did you mean \"cargo\"?",
        "m.yaml:15:50: unknown harbour \"brock\"; did you mean \"brok\"?",
      ]
    ),
    (
      "reports:\n  a:\n    pipeline: [sort]\n",
      ["m.yaml:14:16: the transform \"sort\" must stand behind a report"]
    ),
    (
      "reports:\n  a:\n    pipeline:\n      - select: { cargo: grain }\n",
      ["m.yaml:13:3: the report \"a\" has no report step"]
    ),
    (
      "reports:\n  a:\n    pipeline: [country-summary, bloc-aggregate]\n",
      ["m.yaml:14:33: a pipeline has one report; \"country-summary\" is there already"]
    ),
    (
      "reports:\n  A_b:\n    pipeline: [country-summary]\n",
      ["m.yaml:13:3: the report's name \"A_b\" must be lower-case words joined by -"]
    ),
    (
      "reports:\n  a:\n    titel: x\n    pipeline: [country-summary]\n",
      ["m.yaml:14:5: unknown key \"titel\" in the report \"a\"; did you mean \"title\"?"]
    ),
    (
      "limits: { reply_size: 1GiB, connection: 3 }\nreports: {}\n",
      [
        "m.yaml:12:23: \"reply_size\" must be a size between 4KiB and 8MiB, not 1GiB",
        "m.yaml:12:29: unknown key \"connection\" in the limits; did you mean \"connections\"?",
      ]
    ),
    ("include: missing.yaml\n", ["m.yaml:12:10: the included file \"missing.yaml\" is not there"]),
  ])
  func oneByOne(text: String, expected: [String]) async throws {
    #expect(try await configurationProblems(text) == expected)
  }

  @Test func allAtOnceOverAllFiles() async throws {
    let found = try await configurationProblems(
      """
      include: more/*.yaml
      listn: unix:/tmp/x
      reports:
        a:
          pipeline: [contry-summary]
      """,
      other: [
        "more/one.yaml": "reports:\n  a:\n    pipeline: [country-summary]\n  b:\n    pipeline: [bloc-aggregat]\n",
        "more/.hidden.yaml": "no: configuration",
      ])
    #expect(
      found == [
        "m.yaml:13:1: unknown key \"listn\" in the configuration; did you mean \"listen\"?",
        "m.yaml:16:16: unknown plugin \"contry-summary\"; did you mean \"country-summary\"?",
        "more/one.yaml:2:3: the report \"a\" is already defined at m.yaml:15:3",
        "more/one.yaml:5:16: unknown plugin \"bloc-aggregat\"; did you mean \"bloc-aggregate\"?",
      ])
  }

  @Test("A mark behind a slash is a part of the name of the file", arguments: ["x", "*"])
  func markBehindSlash(_ name: String) async throws {
    let folder = try TemporaryFolder()
    try folder.write("\(harboursDataset)include: more/\u{301}\(name).yaml\n", to: "\u{301}m.yaml")
    try folder.write("no: 1\nreports: {}\n", to: "more/\u{301}x.yaml")
    let error = await #expect(throws: ProblemList.self) {
      try await Generation.load(path: "\(folder.path)/\u{301}m.yaml", registry: shipped)
    }
    let expected = "\(folder.path)/more/\u{301}x.yaml:1:1: unknown key \"no\" in the included file"
    #expect(error?.lines.contains { $0.utf8.elementsEqual(expected.utf8) } == true)
  }

  @Test func anIncludedNameThatIsNoUTF8IsTold() async throws {
    let folder = try TemporaryFolder()
    try folder.write("\(harboursDataset)include: more/*.yaml\nreports: {}\n", to: "m.yaml")
    try folder.write("reports: {}\n", to: "more/x.yaml")
    let name = Array("\(folder.path)/more/y".utf8CString.dropLast()) + [CChar(bitPattern: 0xE9)]
    try #require(rename("\(folder.path)/more/x.yaml", name + Array(".yaml".utf8CString)) == 0)
    let error = await #expect(throws: ProblemList.self) {
      try await Generation.load(path: "\(folder.path)/m.yaml", registry: shipped)
    }
    #expect(
      error?.lines.map { $0.replacing("\(folder.path)/", with: "") }.first
        == "m.yaml:12:10: the file \"more/y\u{FFFD}.yaml\" is not included: its name is not UTF-8")
  }

  @Test func aDatasetThatDoesNotLoadHidesNoProblemOfTheReports() async throws {
    let found = try await configurationProblems(
      "reports:\n  a:\n    pipeline:\n      - bloc-aggregate: { schem: x }\n",
      dataset: "dataset: { package: nowhere.json, place: a, breakdown: b, measure: c }\n")
    #expect(
      found == [
        "m.yaml:5:27: unknown parameter \"schem\" of bloc-aggregate; did you mean \"scheme\"?",
        "nowhere.json: cannot be opened: No such file or directory",
      ])
  }

  @Test func twoColumnsOfOneNameAreRefused() async throws {
    let folder = try TemporaryFolder()
    for file in ["registers", "harbours", "groupings", "groups", "group-members"] {
      try folder.write(
        String(contentsOfFile: "\(harboursFolder)/\(file).csv", encoding: .utf8), to: "\(file).csv")
    }
    let descriptor = try String(
      contentsOfFile: "\(harboursFolder)/datapackage.json", encoding: .utf8)
    try folder.write(descriptor, to: "datapackage.json")
    try folder.write("cargo,label\ntotal,Total\n", to: "cargoes.csv")
    try folder.write("entry,register,harbour,cargo,ships,page,kind\n", to: "entries.csv")
    try folder.write(
      harboursDataset.replacing("\(harboursFolder)/", with: "")
        + "reports:\n  a:\n    pipeline: [country-summary]\n", to: "m.yaml")
    let problems = await #expect(throws: ProblemList.self) {
      try await Generation.load(path: "\(folder.path)/m.yaml", registry: shipped)
    }
    #expect(
      problems?.lines == [
        "\(folder.path)/m.yaml:14:16: country-summary yields two columns named \"total\"; rename the code in the dataset"
      ])
  }
}
