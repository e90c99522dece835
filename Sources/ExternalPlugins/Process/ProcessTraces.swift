internal import Synchronization

/// What is left of processes: the kernel's work at the end of one, and its folder, outlast the answer for which it ran.
final class ProcessTraces: Sendable {
  private let count = Mutex(0)

  /// Stands for one process until it is let go of.
  final class Trace: Sendable {
    private let traces: ProcessTraces

    fileprivate init(_ traces: ProcessTraces) {
      self.traces = traces
      traces.count.withLock { $0 += 1 }
    }

    deinit { traces.count.withLock { $0 -= 1 } }
  }

  func make() -> Trace { Trace(self) }

  /// Waits until there are none, which takes milliseconds after the last process has ended, or until that time.
  func waitUntilGone(within time: Duration) async {
    let end = ContinuousClock.now + time
    while count.withLock({ $0 > 0 }), ContinuousClock.now < end {
      try? await Task.sleep(for: .milliseconds(1))
    }
  }
}
