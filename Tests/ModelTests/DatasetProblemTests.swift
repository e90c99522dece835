import Base
import Columnar
import Model
import Query
import TestDatasets
import TestSupport
import Testing

/// What is said about a dataset that is wrong as a dataset, though it may be a good data package.
struct DatasetProblemTests {
  private func small(
    _ rows: String, observations: String = "observations", list: String = "places"
  ) throws -> TemporaryDataset {
    let dataset = try TemporaryDataset()
    try dataset.codeList(list, "id,name\nhere,Here\nthere,There\n")
    try dataset.codeList("kinds", "id\nold\nnew\n")
    try dataset.table(
      observations, "id,place,kind,count,role\n" + rows,
      fields:
        #"{"name": "id"}, {"name": "place"}, {"name": "kind"}, {"name": "count", "type": "integer"}, {"name": "role"}"#,
      schema: "\"primaryKey\": \"id\", \"foreignKeys\": [\(foreignKey("place", list)), \(foreignKey("kind", "kinds"))]")
    return dataset
  }

  @Test("names of the configuration that the package does not have")
  func configuration() async throws {
    let dataset = try small("a,here,old,1,counted\n")
    var configuration = try dataset.configuration(place: "plcae", breakdown: "count", measure: "cout")
    configuration.role = Located("rol", file: "musterd.yaml", position: .text(line: 5, column: 5))
    configuration.label = Located("nam", file: "musterd.yaml", position: .text(line: 6, column: 5))
    #expect(
      await dataset.problems(of: configuration) == [
        "musterd.yaml:2:5: \"observations\" has no dimension \"plcae\"; did you mean \"place\"?",
        "musterd.yaml:3:5: the field \"count\" is no dimension: it has no foreign key to the key of a code list",
        "musterd.yaml:4:5: \"observations\" has no field \"cout\"; did you mean \"count\"?",
        "musterd.yaml:5:5: \"observations\" has no field \"rol\"; did you mean \"role\"?",
        "musterd.yaml:6:5: no code list has a field \"nam\"; did you mean \"name\"?",
      ])
    configuration = try dataset.configuration(place: "place", breakdown: "place", measure: "role")
    #expect(
      await dataset.problems(of: configuration) == [
        "musterd.yaml:3:5: the place and the breakdown are the same dimension",
        "musterd.yaml:4:5: the measure \"role\" must be an integer or a number, not of type \"string\"",
      ])
    configuration = try dataset.configuration(place: "place", breakdown: "kind", measure: "count")
    configuration.caveats = Located("cavaets", file: "musterd.yaml", position: .text(line: 7, column: 5))
    #expect(
      await dataset.problems(of: configuration) == ["musterd.yaml:7:5: the package has no resource \"cavaets\""])
  }

  @Test("resources and fields may have other names than usual")
  func otherNames() async throws {
    let dataset = try small("a,here,old,1,counted\n", observations: "facts", list: "regions")
    var configuration = try dataset.configuration(place: "place", breakdown: "kind", measure: "count")
    #expect(
      await dataset.problems(of: configuration) == [
        "datapackage.json: the package has no resource \"observations\", and the configuration names no other"
      ])
    configuration.observations = Located("facts", file: "musterd.yaml", position: .text(line: 5, column: 5))
    configuration.label = Located("id", file: "musterd.yaml", position: .text(line: 6, column: 5))
    #expect(await dataset.problems(of: configuration) == [])
    #expect(try await ColumnarEngine.load(configuration).model.place.codes.names == ["here", "there"])
    // The folder must stay until then.
    withExtendedLifetime(dataset) {}
  }

  @Test("every observation needs its codes and its role")
  func cells() async throws {
    let dataset = try small("a,,old,1,counted\nb,here,nwe,x,\nc,there,new,3,of_wich\n")
    let configuration = try dataset.configuration(place: "place", breakdown: "kind", measure: "count")
    #expect(
      await dataset.problems(of: configuration) == [
        "observations.csv:2:place: a value is required",
        "observations.csv:3:kind: \"nwe\" is not in kinds.id; did you mean \"new\"?",
        "observations.csv:3:count: \"x\" is not an integer", "observations.csv:3:role: a value is required",
        "observations.csv:4:role: \"of_wich\" is not one of the allowed values; did you mean \"of_which\"?",
      ])
  }

  @Test("without a role every observation is counted")
  func noRoles() async throws {
    let dataset = try plainDataset("here,old,1\nhere,new,2\n")
    let engine = try await dataset.load(place: "place", breakdown: "kind", measure: "count")
    #expect(try await engine.total().sum == 3)
    #expect(!engine.model.observationFields.hasIDs)
  }

  @Test("parts that do not fit together")
  func parts() async throws {
    let dataset = try small("a,here,old,1,counted\n")
    try dataset.table("caveats", "id,txt\n", schema: "\"primaryKey\": \"id\"")
    try dataset.table("stated_totals", "id,count\n")
    try dataset.table("bloc_members", "scheme,place,bloc\n", schema: "\"primaryKey\": [\"scheme\", \"place\"]")
    try dataset.table("observation_caveats", "observation,caveat\n")
    #expect(
      await dataset.problems(of: try dataset.configuration(place: "place", breakdown: "kind", measure: "count")) == [
        "datapackage.json: the field \"count\" of \"stated_totals\" must be an integer",
        "datapackage.json: the resource \"caveats\" needs a field \"text\"; did you mean \"txt\"?",
        "datapackage.json: the resource \"bloc_members\" needs schemes, which the package lacks",
        "datapackage.json: the field \"place\" of \"bloc_members\" needs a foreign key to the primary key of \"places\"",
        "datapackage.json: there are members of blocs, but no blocs",
        "datapackage.json: the field \"observation\" of \"observation_caveats\" needs a foreign key to the primary key of \"observations\"",
        "datapackage.json: the resource \"observation_caveats\" needs caveats, which the package lacks",
      ])
  }

  @Test("scopes and members that name what is not there")
  func scopes() async throws {
    let dataset = try harbourDataset()
    try dataset.folder.write(
      "stated_total,dimension,code\nt1,prot,akra\nt1,port,akrra\nt2,,\n", to: "stated_total_scopes.csv")
    let configuration = try dataset.configuration(place: "port", breakdown: "season", measure: "ships")
    #expect(
      await dataset.problems(of: configuration) == [
        "stated_total_scopes.csv:4:dimension: a value is required",
        "stated_total_scopes.csv:4:code: a value is required",
      ])
    try dataset.folder.write(
      "stated_total,dimension,code\nt1,prot,akra\nt1,port,akrra\n", to: "stated_total_scopes.csv")
    #expect(
      await dataset.problems(of: configuration) == [
        "stated_total_scopes.csv:2:dimension: unknown dimension \"prot\"; did you mean \"port\"?",
        "stated_total_scopes.csv:3:code: unknown port \"akrra\"; did you mean \"akra\"?",
      ])
  }

  @Test("scopes that name a dimension or a code in other case, blanks or characters")
  func nearScopes() async throws {
    let dataset = try harbourDataset()
    try dataset.folder.write(
      "id,name\nakra,Akra\nbergen,Bergen\ncadiz,C\u{E1}diz\ndover,\n\u{E9}lat,\u{C9}lat\n", to: "ports.csv")
    try dataset.folder.write(
      "stated_total,dimension,code\nt1,Port,akra\nt1,port,Akra\nt1,port,akra \nt1,port,e\u{301}lat\n",
      to: "stated_total_scopes.csv")
    let configuration = try dataset.configuration(place: "port", breakdown: "season", measure: "ships")
    let problems = await dataset.problems(of: configuration)
    let expected = [
      "2:dimension: unknown dimension \"Port\"; did you mean \"port\"? It differs in case alone (U+0050, and there U+0070)",
      "3:code: unknown port \"Akra\"; did you mean \"akra\"? It differs in case alone (U+0041, and there U+0061)",
      "4:code: unknown port \"akra \"; did you mean \"akra\"? It differs in blanks alone (U+0020, and there nothing)",
      "5:code: unknown port \"e\u{301}lat\"; \"\u{E9}lat\" is the same text in other characters "
        + "(U+0065 U+0301, and there U+00E9)",
    ]
    #expect(problems.map { Array($0.utf8) } == expected.map { Array("stated_total_scopes.csv:\($0)".utf8) })
  }
}
