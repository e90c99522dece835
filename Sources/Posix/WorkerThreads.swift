internal import Glibc
internal import Synchronization

/// Threads of its own for tasks that compute long, a fixed number of them. Swift's own are as few as there are processors,
/// and whatever is to be answered at once needs them.
///
/// Tasks have their turns in the order in which they can go on; one that computes long is to yield now and then.
package final class WorkerThreads: TaskExecutor {
  private let queue: Queue

  /// Throws when there is not one thread to be had; a few less than asked for are enough.
  ///
  /// - Parameter count: how many threads, at least one.
  package init(count: Int) throws(SystemError) {
    let queue = Queue()
    self.queue = queue
    for index in 0..<max(1, count) {
      do { try queue.startThread() } catch  where index > 0 { break }
    }
  }

  deinit { queue.end() }

  package func enqueue(_ job: consuming ExecutorJob) {
    queue.add(UnownedJob(job), asUnownedTaskExecutor())
  }
}

/// The jobs that wait for a thread. The threads know this alone, and end with the executor.
private final class Queue: @unchecked Sendable {
  // Sendable since everything below is used under `mutex`, which does not move.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let isFilled = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var jobs: [(job: UnownedJob, executor: UnownedTaskExecutor)] = []
  private var first = 0
  private var idleCount = 0
  private var isEnded = false

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(isFilled, nil)
  }

  deinit {
    pthread_cond_destroy(isFilled)
    pthread_mutex_destroy(mutex)
    isFilled.deallocate()
    mutex.deallocate()
  }

  func add(_ job: UnownedJob, _ executor: UnownedTaskExecutor) {
    pthread_mutex_lock(mutex)
    jobs.append((job, executor))
    if idleCount > 0 { pthread_cond_signal(isFilled) }
    pthread_mutex_unlock(mutex)
  }

  func end() {
    pthread_mutex_lock(mutex)
    isEnded = true
    pthread_cond_broadcast(isFilled)
    pthread_mutex_unlock(mutex)
  }

  func startThread() throws(SystemError) {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Queue>.fromOpaque(context).takeRetainedValue().work() }
        return nil
      }, context.toOpaque())
    if code != 0 {
      context.release()
      throw SystemError("start a thread", code: code)
    }
    pthread_detach(thread)
  }

  private func work() {
    while let (job, executor) = next() { job.runSynchronously(on: executor) }
  }

  private func next() -> (UnownedJob, UnownedTaskExecutor)? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while first == jobs.count {
      if isEnded { return nil }
      idleCount += 1
      pthread_cond_wait(isFilled, mutex)
      idleCount -= 1
    }
    defer {
      first += 1
      if first == jobs.count || first == 1024 {
        jobs.removeFirst(first)
        first = 0
      }
    }
    return jobs[first]
  }
}
