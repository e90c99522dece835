internal import Glibc

/// The signals that the daemon acts on, taken one by one by a thread of their own.
///
/// They are blocked before anything else happens, in every thread, so that one that arrives early waits instead of
/// killing the process. That is why no library installs handlers here: whatever arrived before would be lost.
public enum Signals {
  /// What a signal asks for.
  public enum Event: Sendable {
    case reload
    case stop
  }

  private static let handled: [Int32] = [SIGHUP, SIGTERM, SIGINT]

  /// To be called as the first thing in `main`, before there is a second thread. `main` must not be asynchronous: it
  /// would end in dispatch_main(), whose own thread unblocks every signal.
  public static func block() {
    var set = signalSet()
    pthread_sigmask(SIG_BLOCK, &set, nil)
    // Who hangs up is noticed by the error of the write.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Every signal from here on, those included that have waited.
  static func events() -> AsyncStream<Event> {
    AsyncStream { continuation in
      var thread = pthread_t()
      let box = Unmanaged.passRetained(ContinuationBox(continuation))
      let status = pthread_create(&thread, nil, { waitForSignals($0) }, box.toOpaque())
      if status == 0 {
        pthread_detach(thread)
      } else {
        box.release()
        continuation.finish()
      }
    }
  }

  fileprivate static func signalSet() -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in handled { sigaddset(&set, signal) }
    return set
  }
}

private final class ContinuationBox: Sendable {
  let continuation: AsyncStream<Signals.Event>.Continuation

  init(_ continuation: AsyncStream<Signals.Event>.Continuation) {
    self.continuation = continuation
  }
}

private func waitForSignals(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  let continuation = Unmanaged<ContinuationBox>.fromOpaque(context).takeRetainedValue().continuation
  var set = Signals.signalSet()
  while true {
    var signal: Int32 = 0
    guard sigwait(&set, &signal) == 0 else { continue }
    continuation.yield(signal == SIGHUP ? .reload : .stop)
  }
}
