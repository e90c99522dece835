internal import Diagnostics
internal import Dispatch
internal import Pipeline
internal import Synchronization

/// A generation in use, and the replies that were computed from it.
final class ServedGeneration: Sendable {
  let generation: Generation
  let cache: ReplyCache
  /// Microseconds since 1970.
  let loadedAt: Int64

  init(_ generation: Generation) {
    self.generation = generation
    cache = ReplyCache(limit: generation.configuration.limits.cacheSize)
    loadedAt = currentMicroseconds()
  }
}

/// Holds the generation that answers calls, and swaps in a new one whole or not at all.
actor GenerationStore {
  struct ReloadOutcome: Sendable {
    /// Microseconds since 1970.
    var finishedAt: Int64
    /// Empty after a success.
    var problems: ProblemList
  }

  nonisolated private let state: Mutex<State>
  private let path: String
  private let registry: PluginRegistry
  private let notify: NotifySocket?
  /// The end of the line of reloads: they run one after the other.
  private var lastReload: Task<Result<ServedGeneration, ProblemList>, Never>?

  private struct State {
    var served: ServedGeneration
    var lastReload: ReloadOutcome?
  }

  init(_ generation: Generation, path: String, registry: PluginRegistry, notify: NotifySocket? = nil) {
    state = Mutex(State(served: ServedGeneration(generation)))
    self.path = path
    self.registry = registry
    self.notify = notify
  }

  /// A call takes it once, and answers from it to its end.
  nonisolated var current: ServedGeneration { state.withLock(\.served) }

  nonisolated var lastOutcome: ReloadOutcome? { state.withLock(\.lastReload) }

  /// Loads configuration and dataset as they are now. Throws every problem and keeps the old generation if there is one.
  func reload() async throws(ProblemList) -> ServedGeneration {
    let before = lastReload
    let task = Task { () -> Result<ServedGeneration, ProblemList> in
      _ = await before?.value
      return await self.load()
    }
    lastReload = task
    return try await task.value.get()
  }

  private func load() async -> Result<ServedGeneration, ProblemList> {
    let number = current.generation.number + 1
    let (path, registry) = (path, registry)
    notify?.reloading()
    let result: Result<ServedGeneration, ProblemList> = await withCheckedContinuation { continuation in
      // Loading may take seconds, which Swift's few threads for tasks are not for.
      DispatchQueue.global().async {
        continuation.resume(
          returning: Result { () throws(ProblemList) in
            ServedGeneration(try Generation.load(number: number, path: path, registry: registry))
          })
      }
    }
    let finishedAt = currentMicroseconds()
    state.withLock { state in
      switch result {
      case .success(let served):
        state.served = served
        state.lastReload = ReloadOutcome(finishedAt: finishedAt, problems: ProblemList())
      case .failure(let problems):
        state.lastReload = ReloadOutcome(finishedAt: finishedAt, problems: problems)
      }
    }
    notify?.ready(status)
    return result
  }

  /// What is served, and the last reload if it failed, in a line.
  nonisolated var status: String {
    let (served, outcome) = state.withLock { ($0.served, $0.lastReload) }
    let text = "generation \(served.generation.number): \(served.generation.summary)"
    guard let problems = outcome?.problems, let first = problems.problems.first else { return text }
    let count = problems.total == 1 ? "1 problem" : "\(problems.total) problems, the first"
    return "\(text); the last reload failed with \(count): \(first)"
  }
}
