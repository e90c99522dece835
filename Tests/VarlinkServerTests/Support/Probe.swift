import Logging
import NIOConcurrencyHelpers

/// What happened inside a service, for a test to wait for.
final class Probe: Sendable {
  private struct State {
    var events: [String] = []
    var waiters: [(event: String, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = NIOLockedValueBox(State())

  var events: [String] { state.withLockedValue { $0.events } }

  func note(_ event: String) {
    let waiters = state.withLockedValue { state in
      state.events.append(event)
      let woken = state.waiters.filter { $0.event == event }
      state.waiters.removeAll { $0.event == event }
      return woken
    }
    for waiter in waiters { waiter.continuation.resume() }
  }

  func wait(for event: String) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLockedValue { state in
        if state.events.contains(event) { return true }
        state.waiters.append((event, continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
  }
}

/// Keeps the lines of a log.
struct LogRecorder: LogHandler {
  let probe: Probe
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let metadata = metadata.merging(event.metadata ?? [:]) { $1 }.filter {
      !["connection", "peer-pid", "peer-uid"].contains($0.key)
    }
    let fields = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    probe.note("\(event.level): \(event.message)\(fields)")
  }
}
