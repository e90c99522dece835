import Glibc

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

/// A value that one thread at a time may touch. Unlike `Synchronization.Mutex` the thread sanitizer understands it.
package final class Locked<Value>: @unchecked Sendable {
  // Sendable since `value` is touched only with the mutex held.
  fileprivate let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  fileprivate var value: Value

  package init(_ value: Value) {
    self.value = value
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(&value)
  }
}

/// Lets threads pass one after the other, in the order of their tickets, each taking over a state from the one before.
final class Turnstile<State>: @unchecked Sendable {
  // Sendable since the condition is made for several threads, and the rest is locked.
  private let locked: Locked<(state: State, next: Int)>
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init(_ state: State) {
    locked = Locked((state, 0))
    condition.initialize(to: pthread_cond_t())
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    condition.deallocate()
  }

  /// Waits for all tickets before this one. Every ticket from 0 on must be used once.
  func pass<Result>(ticket: Int, _ body: (inout State) -> Result) -> Result {
    pthread_mutex_lock(locked.mutex)
    defer { pthread_mutex_unlock(locked.mutex) }
    while locked.value.next < ticket { pthread_cond_wait(condition, locked.mutex) }
    locked.value.next = ticket + 1
    pthread_cond_broadcast(condition)
    return body(&locked.value.state)
  }
}
