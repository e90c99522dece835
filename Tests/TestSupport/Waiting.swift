internal import Glibc

/// Waits for a condition, at most for a time that only a failure needs, and no longer than the test may take.
public func waitUntil(
  _ what: String, file: String = #fileID, line: Int = #line, _ condition: () throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + .seconds(60)
  while try !condition() {
    guard ContinuousClock.now < deadline else { throw TestFailure("\(file):\(line): waited in vain until \(what)") }
    try await Task.sleep(for: .milliseconds(2))
  }
}

/// The same on a thread that may be held up, which is none that runs tasks: were all of those held up, no time limit
/// could end a test.
public func blockUntil(
  _ what: String, file: String = #fileID, line: Int = #line, _ condition: () throws -> Bool
) throws {
  let deadline = ContinuousClock.now + .seconds(30)
  while try !condition() {
    guard ContinuousClock.now < deadline else { throw TestFailure("\(file):\(line): waited in vain until \(what)") }
    usleep(1000)
  }
}

/// Does what blocks on a thread of its own: those of tasks are few, and others need them. When the task is cancelled, as
/// a test's time limit does, the thread is left to itself.
@discardableResult
public func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
  let promise = Promise<Result>()
  startThread { promise.resolve(with: Swift.Result { try body() }) }
  return try await promise.value
}

extension Task where Success: Sendable {
  /// Its value, unless our own task is cancelled, as a test's time limit does: this one is cancelled then, and not waited
  /// for.
  public var finished: Success {
    get async throws {
      let promise = Promise<Success>()
      _Concurrency.Task<Void, Never> { promise.resolve(with: await result.mapError { $0 }) }
      return try await withTaskCancellationHandler {
        try await promise.value
      } onCancel: {
        cancel()
      }
    }
  }
}

/// Runs on a thread of its own, which nobody waits for.
public func startThread(_ body: @escaping @Sendable () -> Void) {
  let job = Unmanaged.passRetained(Job(body))
  var thread = pthread_t()
  let code = pthread_create(
    &thread, nil,
    { context in
      if let context { Unmanaged<Job>.fromOpaque(context).takeRetainedValue().run() }
      return nil
    }, job.toOpaque())
  precondition(code == 0, "no thread: \(code)")
  pthread_detach(thread)
}

private final class Job: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
