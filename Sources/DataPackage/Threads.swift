import Glibc
import Synchronization

/// Runs work on several threads and returns when all are done. The calling thread is number 0.
package func runOnThreads(_ count: Int, _ body: @Sendable (Int) -> Void) {
  guard count > 1 else { return body(0) }
  withoutActuallyEscaping(body) { body in
    var threads: [pthread_t] = []
    for number in 1..<count {
      let start = Unmanaged.passRetained(ThreadStart(number: number, body: body))
      var thread = pthread_t()
      let failure = pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
          start.body(start.number)
          return nil
        }, start.toOpaque())
      if failure == 0 {
        threads.append(thread)
      } else {
        // Without another thread the work is still done: every thread takes what is left.
        start.release()
      }
    }
    body(0)
    for thread in threads { pthread_join(thread, nil) }
  }
}

private final class ThreadStart: Sendable {
  let number: Int
  let body: @Sendable (Int) -> Void

  init(number: Int, body: @escaping @Sendable (Int) -> Void) {
    self.number = number
    self.body = body
  }
}

/// How many threads the machine can run at once.
package let coreCount = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

/// Lets threads pass one after the other, in the order of their tickets, each taking over a state from the one before.
final class Turnstile<State>: @unchecked Sendable {
  // Sendable since `state` and `next` are touched only with the mutex held.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var state: State
  private var next = 0

  init(_ state: State) {
    self.state = state
    mutex.initialize(to: pthread_mutex_t())
    condition.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(condition)
    mutex.deallocate()
    condition.deallocate()
  }

  /// Waits for all tickets before this one. Every ticket from 0 on must be used once.
  func pass<Result>(ticket: Int, _ body: (inout State) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    while next < ticket { pthread_cond_wait(condition, mutex) }
    let result = body(&state)
    next = ticket + 1
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
    return result
  }
}
