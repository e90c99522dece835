import Foundation
import Pipeline
import Query
import ReportKit
import TestSupport
import Testing

@Suite("Pipelines of the shipped configuration give what can be counted in the memorandum")
struct PipelineLanguageTests {
  let generation: Generation

  init() async throws {
    generation = try await Generation.load(path: "\(repositoryRoot)/Config/musterd.yaml", registry: shipped)
  }

  @Test func releasedByAlliance() async throws {
    #expect(
      try await export("released-by-alliance", as: "csv", from: generation) == """
        bloc,name,countries,released,released_share,total
        warsaw_pact,Warsaw Pact,5,1011,81.3,1011
        neither,Neither,7,145,11.7,145
        nato,NATO,8,88,7.1,88
        not_attributable,Not attributable,0,,,

        """)
    let table = try await export("released-by-alliance", as: "table", from: generation)
    // 1064 of attachment 1 and 180 of attachment 4.
    #expect(table.contains("Total") && table.contains("1244") && table.contains("100.0"))
    #expect(table.contains("percentages of 1244, its sum over all 4 rows, of which 1 has no number"))
  }

  @Test func theLargestGroupsAndTheRest() async throws {
    #expect(
      try await export("largest-groups", as: "csv", from: generation) == """
        country,name,released,handed_over,remaining,total,percent
        germany,Germany,5614,3917,,9531,82.1
        hungary,Hungary,370,276,,646,5.6
        romania,Romania,375,237,,612,5.3
        poland,Poland,190,143,,333,2.9
        iran,Iran,62,,36,98,0.8
        rest,,263,40,80,383,3.3

        """)
  }

  @Test func dispositionsAsAList() async throws {
    let csv = try await export("dispositions", as: "csv", from: generation)
    #expect(
      csv == """
        bloc,name,disposition,persons
        peoples_democracies,People’s Democracies,released,1040
        peoples_democracies,People’s Democracies,handed_over,696
        finland,Finland,released,24
        finland,Finland,remaining,5
        germany,Germany,released,5614
        germany,Germany,handed_over,3917
        japan,Japan,released,16
        capitalist,Capitalist countries,released,180
        capitalist,Capitalist countries,remaining,111

        """)
  }

  @Test func everyShareStandsOnObservations() async throws {
    let table = try await rows(of: "released-by-alliance", from: generation)
    let share = try #require(table.columns.firstIndex { $0.name == "released_share" })
    let nato = try #require(table.rows.first { $0[0].value == .text("nato") })
    let provenance = nato.provenance(at: share, in: table.columns)
    let aggregation = try await generation.engine.aggregate(AggregateQuery(by: [], where: provenance))
    // Attachment 4, column 1: France, Turkey, Belgium, Holland, Denmark, Italy, Norway, Greece.
    #expect(aggregation[cell: 0].observations == 8)
  }

  @Test func aReportTellsItsStepsWithAllThatTheyGoBy() async throws {
    let report = try #require(generation.report(named: "released-by-alliance"))
    let steps = report.steps.map { step in
      ([step.name] + step.parameters.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
    }
    #expect(
      steps == [
        "select source=attachment_1,attachment_4 disposition=released",
        "bloc-aggregate scheme=alliances_1955 totals=computed",
        "share of=released digits=1 rounding=half_away",
        "sort by=released descending=true",
        "top count=10 rest=false",
      ])
    let narrowed = try await rows(
      of: "released-by-alliance", ["scheme": "region"], where: [("source", ["attachment_4"])], from: generation
    ).answer.steps
    #expect(narrowed[0].parameters.map(\.value) == ["attachment_4", "released"])
    #expect(narrowed[1].parameters[0].value == "region")
  }

  @Test func conditionsAreToldAsTheyAreWritten() throws {
    let report = try #require(generation.report(named: "dispositions"))
    #expect(report.steps.last?.parameters.map { "\($0.name)=\($0.value)" } == ["persons=present"])
    #expect(
      report.steps[1].parameters.map { "\($0.name)=\($0.value)" } == [
        "columns=[released, handed_over, remaining]", "names=disposition", "values=persons",
      ])
  }

  @Test func anotherSchemeThatAStepDoesNotFitIsAnErrorThatNamesTheStep() async throws {
    let folder = try TemporaryFolder()
    let text = try String(contentsOfFile: "\(repositoryRoot)/Config/musterd.yaml", encoding: .utf8)
      .replacing("datasets/", with: "\(repositoryRoot)/Config/datasets/").replacing(
        "include: pipelines/*.yaml", with: "")
    try folder.write(
      text + """

        reports:
          nato:
            pipeline:
              - bloc-aggregate: alliances_1955
              - where: { bloc: nato }
        """, to: "m.yaml")
    let generation = try await Generation.load(path: "\(folder.path)/m.yaml", registry: shipped)
    let error = await #expect(throws: ParameterError.self) {
      try await rows(of: "nato", ["scheme": "region"], from: generation)
    }
    #expect(
      error?.message
        == "the step where does not fit what this yields: unknown bloc \"nato\"; there are: europe, asia, americas")
  }

  @Test func theLimitOfAStepsMemoryComesFromTheConfiguration() async throws {
    let folder = try TemporaryFolder()
    let text = try String(contentsOfFile: "\(repositoryRoot)/Config/musterd.yaml", encoding: .utf8)
      .replacing("datasets/", with: "\(repositoryRoot)/Config/datasets/").replacing(
        "include: pipelines/*.yaml", with: ""
      )
      .replacing("step_memory: 64MiB", with: "step_memory: 4KiB")
    try folder.write(
      text + "\nreports:\n  a:\n    pipeline: [country-summary, sort: released]\n", to: "m.yaml")
    let generation = try await Generation.load(path: "\(folder.path)/m.yaml", registry: shipped)
    await #expect(throws: StepMemoryExceeded(step: "sort", limit: 4096)) {
      try await export("a", as: "csv", from: generation)
    }
  }
}
