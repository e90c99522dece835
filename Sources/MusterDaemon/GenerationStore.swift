internal import Base
internal import Pipeline
internal import Posix
internal import Synchronization
internal import Systemd

/// A generation in use, and the replies that were computed from it.
final class ServedGeneration: Sendable {
  let generation: Generation
  let cache: ReplyCache
  /// Microseconds since 1970.
  let loadedAt: Int64

  init(_ generation: Generation, cacheCounters: ReplyCache.Counters) {
    self.generation = generation
    cache = ReplyCache(limit: generation.configuration.limits.cacheSize, counters: cacheCounters)
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
  private let cacheCounters = ReplyCache.Counters()
  private let path: String
  private let registry: PluginRegistry
  private let notify: NotifySocket?
  /// The end of the line of reloads: they run one after the other.
  private var lastReload: Task<Result<ServedGeneration, ProblemList>, Never>?

  private struct State {
    var served: ServedGeneration
    var lastReload: ReloadOutcome?
    var reloadCounts = (succeeded: 0, failed: 0)
    var observers: [@Sendable (ServedGeneration) -> Void] = []
    var streams: [Int: AsyncStream<ServedGeneration>.Continuation] = [:]
    var lastStreamID = 0
    var isEnded = false
  }

  init(_ generation: Generation, path: String, registry: PluginRegistry, notify: NotifySocket? = nil) {
    state = Mutex(State(served: ServedGeneration(generation, cacheCounters: cacheCounters)))
    self.path = path
    self.registry = registry
    self.notify = notify
  }

  /// A call takes it once, and answers from it to its end.
  nonisolated var current: ServedGeneration { state.withLock(\.served) }

  /// Whether the daemon is about to end.
  nonisolated var isEnded: Bool { state.withLock(\.isEnded) }

  nonisolated var reloadCounts: (succeeded: Int, failed: Int) { state.withLock(\.reloadCounts) }

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
    let (path, registry, cacheCounters) = (path, registry, cacheCounters)
    notify?.reloading("loading configuration and dataset")
    let result: Result<ServedGeneration, ProblemList>
    do {
      let generation = try await Generation.load(number: number, path: path, registry: registry)
      result = .success(ServedGeneration(generation, cacheCounters: cacheCounters))
    } catch {
      result = .failure(error)
    }
    let finishedAt = currentMicroseconds()
    state.withLock { state in
      switch result {
      case .success(let served):
        state.served = served
        state.reloadCounts.succeeded += 1
        state.lastReload = ReloadOutcome(finishedAt: finishedAt, problems: ProblemList())
        for observer in state.observers { observer(served) }
        for stream in state.streams.values { stream.yield(served) }
      case .failure(let problems):
        state.reloadCounts.failed += 1
        state.lastReload = ReloadOutcome(finishedAt: finishedAt, problems: problems)
      }
    }
    notify?.ready(status)
    return result
  }

  /// Calls `observer` with each generation from here on, under a lock: it must not ask the store.
  nonisolated func observe(_ observer: @escaping @Sendable (ServedGeneration) -> Void) {
    state.withLock { $0.observers.append(observer) }
  }

  /// The current generation and each one after it; for a slow reader only the last of several. Ends with `endStreams`.
  nonisolated func generations() -> AsyncStream<ServedGeneration> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let id = state.withLock { state -> Int? in
        continuation.yield(state.served)
        if state.isEnded { return nil }
        state.lastStreamID += 1
        state.streams[state.lastStreamID] = continuation
        return state.lastStreamID
      }
      guard let id else {
        continuation.finish()
        return
      }
      continuation.onTermination = { _ in _ = self.state.withLock { $0.streams.removeValue(forKey: id) } }
    }
  }

  /// Ends all streams of generations, since nothing will be loaded any more.
  nonisolated func endStreams() {
    let streams = state.withLock { state in
      state.isEnded = true
      defer { state.streams = [:] }
      return Array(state.streams.values)
    }
    for stream in streams { stream.finish() }
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
