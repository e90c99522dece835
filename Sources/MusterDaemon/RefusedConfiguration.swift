internal import Base
internal import Pipeline

/// A configuration that cannot be served. It is read again as long as somebody asks, so that nobody who has mended it is
/// told what was wrong before.
actor RefusedConfiguration {
  private let path: String
  private let registry: PluginRegistry
  /// Nil when there are none any more.
  private var problems: ProblemList?
  private var lastRead: ContinuousClock.Instant
  private var lastDuration: Duration
  private var startedCount = 0
  private var endedCount = 0
  private var reading: Task<Void, Never>?
  private let mended = AsyncStream<Void>.makeStream()
  private let report: @Sendable (ProblemList) -> Void

  /// - Parameters:
  ///   - path: the configuration's file.
  ///   - duration: how long it took to find the problems.
  ///   - report: is given each list of problems that is not the one before it, the first included.
  init(
    _ path: String, registry: PluginRegistry, problems: ProblemList, after duration: Duration,
    report: @escaping @Sendable (ProblemList) -> Void
  ) {
    self.path = path
    self.registry = registry
    self.problems = problems
    self.report = report
    lastRead = .now
    lastDuration = duration
    report(problems)
  }

  var isMended: Bool { problems == nil }

  /// What is wrong with it: as of now, if that is asked for, and else as of a short time ago. Nil when nothing is, and the
  /// daemon is to be started anew.
  @discardableResult func currentProblems(asOfNow: Bool) async -> ProblemList? {
    // A large dataset is not read all the time.
    if asOfNow || lastRead.duration(to: .now) > max(.seconds(1), lastDuration * 4) { await readAgain() }
    return problems
  }

  /// Returns when there is nothing wrong any more.
  func waitUntilMended() async {
    for await _ in mended.stream { return }
  }

  /// Reads it once for all who wait meanwhile; what began before somebody asked is too old for him.
  private func readAgain() async {
    let wanted = startedCount + 1
    while endedCount < wanted, problems != nil {
      if let reading {
        await reading.value
      } else {
        startedCount += 1
        let reading = Task { await read() }
        self.reading = reading
        await reading.value
      }
    }
  }

  private func read() async {
    let start = ContinuousClock.now
    var found: ProblemList?
    do {
      _ = try await Generation.load(path: path, registry: registry)
    } catch {
      found = error
    }
    lastRead = .now
    lastDuration = start.duration(to: lastRead)
    if let found, found.lines != problems?.lines { report(found) }
    problems = found
    endedCount = startedCount
    reading = nil
    if found == nil { mended.continuation.yield() }
  }
}
