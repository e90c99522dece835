import Base
import Pipeline
import ReportPlugins
import Synchronization
import TestSupport
import Testing

@testable import MusterDaemon

@Suite("A reload takes effect whole or not at all", .timeLimit(.minutes(10)))
struct GenerationStoreTests {
  private static let registry = PluginRegistry(reports: [CountrySummary()], transforms: [], exporters: [])

  private let folder: TemporaryFolder
  private let store: GenerationStore

  init() async throws {
    folder = try TemporaryFolder(copying: harboursFolder)
    try Self.configure(folder, reports: "  first: { pipeline: [country-summary] }\n")
    let path = "\(folder.path)/musterd.yaml"
    store = GenerationStore(
      try await Generation.load(path: path, registry: Self.registry), path: path, registry: Self.registry)
  }

  private static func configure(_ folder: TemporaryFolder, reports: String) throws {
    let whole = try readFile("\(harboursFolder)/musterd.yaml")
    let dataset = whole.split(separator: "\n", omittingEmptySubsequences: false).prefix { !$0.hasPrefix("reports:") }
    try folder.write(dataset.joined(separator: "\n") + "\nreports:\n" + reports, to: "musterd.yaml")
  }

  private func configure(reports: String) throws { try Self.configure(folder, reports: reports) }

  private func reports(of served: ServedGeneration) -> [String] { served.generation.reports.map(\.name) }

  @Test func whatIsServedChangesAtOnceAndWhoHasTheOldKeepsIt() async throws {
    let old = store.current
    try configure(reports: "  second: { pipeline: [country-summary] }\n")
    let new = try await store.reload()
    #expect(store.current === new)
    #expect(reports(of: new) == ["second"])
    #expect(reports(of: old) == ["first"])
    #expect(new.generation.number == old.generation.number + 1)
    #expect(new.cache !== old.cache, "no reply mixes two generations")
    #expect(store.reloadCounts == (1, 0))
    #expect(store.lastOutcome?.problems.isEmpty == true)
  }

  @Test func withAnyProblemTheOldOneServesOnAndEveryProblemIsTold() async throws {
    let old = store.current
    try configure(
      reports: "  good: { pipeline: [country-summary] }\n  bad: { pipeline: [contry-summary] }\n  worse: { pipe: [] }\n"
    )
    let seen = Mutex<[Int]>([])
    store.observe { served in seen.withLock { $0.append(served.generation.number) } }
    let problems = await #expect(throws: ProblemList.self) { try await store.reload() }
    #expect(problems?.problems.count ?? 0 >= 2)
    #expect(store.current === old)
    #expect(store.reloadCounts == (0, 1))
    #expect(store.lastOutcome?.problems.lines == problems?.lines)
    #expect(store.status.contains("generation 1: "))
    #expect(store.status.contains("; the last reload failed with \(problems?.total ?? 0) problems, the first: "))
    #expect(seen.withLock { $0 } == [])

    try configure(reports: "  good: { pipeline: [country-summary] }\n")
    let new = try await store.reload()
    #expect(new.generation.number == 2, "a failure takes no number")
    #expect(!store.status.contains("failed"))
  }

  @Test func reloadsAtOneTimeHappenOneAfterTheOther() async throws {
    let seen = Mutex<[Int]>([])
    store.observe { served in seen.withLock { $0.append(served.generation.number) } }
    let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<8 { group.addTask { [store] in try await store.reload().generation.number } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(numbers.sorted() == Array(2...9))
    #expect(seen.withLock { $0 } == Array(2...9), "observers see each, in order")
    #expect(store.current.generation.number == 9)
  }

  @Test func aStreamGivesWhatIsServedThenWhatComesThenItsEnd() async throws {
    var stream = store.generations().makeAsyncIterator()
    #expect(await stream.next()?.generation.number == 1)
    _ = try await store.reload()
    #expect(await stream.next()?.generation.number == 2)
    // A slow reader gets the last of several.
    _ = try await store.reload()
    _ = try await store.reload()
    #expect(await stream.next()?.generation.number == 4)
    let waiting = Task { [stream] in
      var stream = stream
      return await stream.next() == nil
    }
    store.endStreams()
    #expect(try await waiting.finished)
    #expect(store.isEnded)
    var late = store.generations().makeAsyncIterator()
    #expect(await late.next()?.generation.number == 4)
    #expect(await late.next() == nil, "nothing comes after the end")
  }
}
