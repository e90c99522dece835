internal import DequeModule
internal import Glibc
internal import Posix

/// Threads of its own for tasks that compute long, a fixed number of them. Swift's own are as few as there are processors,
/// and whatever is to be answered at once needs them.
///
/// Tasks have their turns in the order in which they can go on; one that computes long is to yield now and then. Those of
/// `givingWay` have theirs when no other can go on, and a small share in any case; and one thread is never theirs.
final class WorkerThreads: TaskExecutor {
  private let queue: Queue
  /// Runs tasks that others are not to wait for, on the same threads.
  let givingWay: any TaskExecutor

  /// Throws when there is not one thread to be had; a few less than asked for are enough.
  ///
  /// - Parameter count: how many threads, at least one.
  init(count: Int) throws(SystemError) {
    let queue = Queue()
    self.queue = queue
    givingWay = GivingWay(queue)
    for index in 0..<max(1, count) {
      do { try queue.startThread() } catch  where index > 0 { break }
    }
  }

  deinit { queue.end() }

  func enqueue(_ job: consuming ExecutorJob) {
    queue.add(UnownedJob(job), asUnownedTaskExecutor())
  }
}

private final class GivingWay: TaskExecutor {
  private let queue: Queue

  init(_ queue: Queue) {
    self.queue = queue
  }

  func enqueue(_ job: consuming ExecutorJob) {
    queue.add(UnownedJob(job), asUnownedTaskExecutor(), givesWay: true)
  }
}

/// The jobs that wait for a thread. The threads know this alone, and end with the executor.
private final class Queue: @unchecked Sendable {
  private struct Job {
    let job: UnownedJob
    let executor: UnownedTaskExecutor
    let givesWay: Bool
  }

  /// One turn of so many is that of a job that gives way, if there is one.
  private static let share = 8

  // Sendable since everything below is used under `mutex`, which does not move.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let isFilled = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var jobs = Deque<Job>()
  private var jobsThatGiveWay = Deque<Job>()
  private var threadCount = 0
  /// Threads that are at work on jobs that give way.
  private var countThatGivesWay = 0
  private var turn = 0
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

  func add(_ job: UnownedJob, _ executor: UnownedTaskExecutor, givesWay: Bool = false) {
    let job = Job(job: job, executor: executor, givesWay: givesWay)
    pthread_mutex_lock(mutex)
    if givesWay { jobsThatGiveWay.append(job) } else { jobs.append(job) }
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
    pthread_mutex_lock(mutex)
    threadCount += 1
    pthread_mutex_unlock(mutex)
  }

  private func work() {
    var last: Job?
    while let job = next(after: last) {
      job.job.runSynchronously(on: job.executor)
      last = job
    }
  }

  /// Waits for a job; nil at the end.
  private func next(after last: Job?) -> Job? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    if last?.givesWay == true { countThatGivesWay -= 1 }
    while true {
      if let job = take() {
        if job.givesWay { countThatGivesWay += 1 }
        return job
      }
      if isEnded { return nil }
      idleCount += 1
      pthread_cond_wait(isFilled, mutex)
      idleCount -= 1
    }
  }

  private func take() -> Job? {
    // Whoever does not give way is not to wait until a thread has come to the end of somebody else's job.
    if countThatGivesWay >= max(1, threadCount - 1) { return jobs.popFirst() }
    turn &+= 1
    // Who gives way is late, but not for ever.
    if turn.isMultiple(of: Self.share), let job = jobsThatGiveWay.popFirst() { return job }
    return jobs.popFirst() ?? jobsThatGiveWay.popFirst()
  }
}
